import { entry } from '../entry.ts'

/** `5.735 GMACs an image`, `80.00 ms a step`; of seconds and joules, thousandths are told. */
const amountOf = (amount: number, unit: string): string =>
  /^[sJ] /.test(unit) ? `${(amount * 1000).toPrecision(4)} m${unit}` : `${scaled(amount)}${unit}`

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
    /** What amounts are of, behind their prefix: `MACs an image`. */
    unit: string
    amount: number
    limit: number
    /** The operator that is to blame. */
    layer?: string
    op?: string
    /** Its part of the amount; absent where the operator only runs when the peak is reached. */
    part?: number
    /** What `--sort` takes to list the operators with the largest parts. */
    order?: string
  }>({
    title: 'over budget',
    message: ({ network, unit, amount, limit, layer, op, part }) => {
      const share = part === undefined ? undefined : `${((100 * part) / amount).toPrecision(2)} %`
      const role =
        part === undefined || share === undefined
          ? 'is where the peak is reached'
          : `has the largest part of it: ${amountOf(part, unit)}, ${share}`
      const blame = layer === undefined ? '' : `; \`${layer}\` (${op ?? ''}) ${role}`
      return `\`${network}\` takes ${amountOf(amount, unit)}, and the budget is ${amountOf(limit, unit)}${blame}`
    },
    help: ({ order }) => {
      const list = order === undefined ? '' : `; \`--layers --sort ${order}\` lists what costs most`
      return `make it cheaper there, or raise the budget${list}`
    },
  }),
} as const
