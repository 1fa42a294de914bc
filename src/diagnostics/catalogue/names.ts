import { entry } from '../entry.ts'

/** E02xx: names and imports. */
export const names = {
  E0201: entry<{ name: string; nearest: string | undefined }>({
    title: 'unknown name',
    message: ({ name }) => `nothing is called \`${name}\` here`,
    help: ({ nearest }) => (nearest === undefined ? undefined : `did you mean \`${nearest}\`?`),
  }),
} as const
