import { entry } from '../entry.ts'

/** E11xx: engines, as whose kernels a network is looked at. */
export const engines = {
  E1101: entry<{ engine: string; able: readonly string[] }>({
    title: 'this engine does not train yet',
    message: ({ engine }) => `\`${engine}\` runs networks and does not train them yet`,
    help: ({ able }) => `engines that train: ${able.map((name) => `\`${name}\``).join(', ')}`,
  }),
} as const
