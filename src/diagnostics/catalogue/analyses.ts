import { entry } from '../entry.ts'

/** E1300-E1399: amounts and budgets of an analysis. */
export const analyses = {
  E1301: entry<{ network: string; what: string; amount: number }>({
    title: 'a sum beyond exact counting',
    message: ({ network, what, amount }) =>
      `\`${network}\` has ${amount.toExponential(2)} ${what.replaceAll('_', ' ')}, more than can be counted exactly (2^53)`,
    help: () => 'check the sizes and depths that lead here',
  }),
} as const
