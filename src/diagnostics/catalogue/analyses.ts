import { entry } from '../entry.ts'

type Budget = 'macs' | 'bytes' | 'seconds' | 'memory'

const amountOf: Readonly<Record<Budget, (amount: number) => string>> = {
  macs: (amount) => `${scaled(amount)}MACs an image`,
  bytes: (amount) => `${scaled(amount)}B moved an image`,
  seconds: (amount) => `${(amount * 1000).toPrecision(4)} ms a step`,
  memory: (amount) => `${scaled(amount)}B of memory`,
}

/** Four digits and a decimal prefix: `5.735 G`. */
function scaled(amount: number): string {
  const power = Math.min(5, Math.max(0, Math.floor(Math.log10(Math.max(amount, 1)) / 3)))
  return `${Number((amount / 1000 ** power).toPrecision(4))} ${['', 'k', 'M', 'G', 'T', 'P'][power] ?? ''}`
}

/** E1300-E1399: amounts and budgets of an analysis. */
export const analyses = {
  E1301: entry<{ network: string; what: string; amount: number }>({
    title: 'a sum beyond exact counting',
    message: ({ network, what, amount }) =>
      `\`${network}\` has ${amount.toExponential(2)} ${what.replaceAll('_', ' ')}, more than can be counted exactly (2^53)`,
    help: () => 'check the sizes and depths that lead here',
  }),
  E1302: entry<{
    network: string
    budget: Budget
    amount: number
    limit: number
    layer?: string
    op?: string
    part?: number
  }>({
    title: 'over budget',
    message: ({ network, budget, amount, limit, layer, op, part }) => {
      const blame =
        layer === undefined ? '' : `; \`${layer}\` (${op ?? ''}) ${blameOf(budget, amount, part ?? 0)}`
      return `\`${network}\` takes ${amountOf[budget](amount)}, and the budget is ${amountOf[budget](limit)}${blame}`
    },
    help: ({ budget }) => {
      const order = { macs: 'macs', bytes: 'bytes', seconds: 'time', memory: undefined }[budget]
      const list = order === undefined ? '' : `; \`--layers --sort ${order}\` lists what costs most`
      return `make it cheaper there, or raise the budget${list}`
    },
  }),
} as const

const blameOf = (budget: Budget, amount: number, part: number): string =>
  budget === 'memory'
    ? 'is where the peak is reached'
    : `has the largest part of it: ${amountOf[budget](part)}, ${((100 * part) / amount).toPrecision(2)} %`
