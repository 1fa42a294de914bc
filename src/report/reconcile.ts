import type { ComponentName, Component } from '../analysis/reconcile/components.ts'
import type {
  Claim,
  Agreeing,
  Departure,
  Explanation,
  Reconciliation,
} from '../analysis/reconcile/reconcile.ts'
import { printable } from '../diagnostics/printable.ts'
import { painterOf } from './paint.ts'
import { left, right, tableText, type Table } from './table.ts'
import { exact, joined, percent, quantity, wrapped } from './units.ts'

const names: Readonly<Record<ComponentName, string>> = {
  head: 'the head',
  stem: 'the stem',
  gates: 'gates of channel attention',
  shortcuts: 'convolutions on shortcuts',
  early_strides: 'strides in the 1x1 convolution before the 3x3, as the ResNet paper has them',
  fixed_filters: 'fixed filters',
  bias: 'additions of a bias',
  norms: 'norms',
  activations: 'activations',
  sums: 'sums and products of tensors',
  pools: 'windows of pools',
}

/** What a component is; `each`: what one of its elements counts. */
const componentText = (name: ComponentName, each: number): string =>
  each === 1 ? names[name] : `${names[name]}, ${each} each`

interface ReconcileTextOptions {
  /** Columns of the terminal; default: as wide as it needs. */
  readonly width?: number
  readonly color?: boolean
}

/** Version of the form of the report. */
const RECONCILIATION_VERSION = 1

type ReconciliationJson = Reconciliation & { readonly archc_reconciliation: number }

export const reconcileJson = (found: Reconciliation): ReconciliationJson => ({
  archc_reconciliation: RECONCILIATION_VERSION,
  ...found,
})

/** Explanations that are written out; the others are counted. */
const SHOWN = 6
/** Operators named for a departure. */
const NAMED = 3

/** What a stated figure may have counted, the operators that make the difference, and how much to believe it. */
export function reconcileText(found: Reconciliation, options: ReconcileTextOptions = {}): string {
  const width = Math.max(40, options.width ?? Infinity)
  const paint = painterOf(options.color ?? false)
  const flow = (text: string): string[] => [...wrapped(text, Math.min(width, 100))]
  const sections = [
    [...wrapped(heading(found), width).map((line) => paint('title', line)), '', ...flow(ownText(found))],
    ...verdict(found).map((lines) => lines.flatMap((line) => bulleted(line, Math.min(width, 100)))),
    flow(beliefText(found)),
    tableText(componentTable(found), width, paint),
  ]
  return `${sections
    .filter((lines) => lines.some((line) => line !== ''))
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

const heading = ({ network, input, claim }: Reconciliation): string =>
  `${printable(network)}, one image of ${input.join(' x ')}: what does ${printable(claim.text)} count?`

const amount = (count: number): string => joined(quantity(count, ''))

const ownText = ({ own, claim }: Reconciliation): string =>
  `archc counts ${amount(own)} = ${exact(own)} MACs. The figure stands for ${range(claim)}.`

/** `5.450 G to 5.550 G`. */
const range = ({ value, step }: Claim): string =>
  `${amount(Math.max(0, value - step / 2))} to ${amount(value + step / 2)}`

/** Each explanation as lines: the figure first, then a line for each departure. */
function verdict(found: Reconciliation): string[][] {
  const { explanations, nearest } = found
  if (explanations.length === 0)
    return [
      [
        'Nothing that archc knows gives this figure. The nearest with one departure:',
        ...explanation(nearest),
      ],
    ]
  const shown = explanations.slice(0, SHOWN)
  const rest = explanations.length - shown.length
  const title = explanations.length === 1 ? 'One count gives it:' : 'Counts that give it, equally simple:'
  return [[title], ...shown.map((one) => explanation(one)), ...(rest === 0 ? [] : [[`and ${rest} more`]])]
}

function explanation(one: Explanation | Agreeing): string[] {
  const cut = 'agreement' in one && one.agreement === 'cut'
  const how = cut ? ', cut off rather than rounded' : ''
  const lines = one.departures.map((departure) => `- ${departureText(departure)}`)
  return [
    `  ${amount(one.total)} = ${exact(one.total)}${how}`,
    ...(lines.length === 0 ? ["- archc's own count: MACs of convolutions and linear layers"] : lines),
  ]
}

function departureText(departure: Departure): string {
  switch (departure.kind) {
    case 'size':
      return `at another input: ${departure.input.join(' x ')}`
    case 'doubled':
      return 'two operations a multiply-accumulate'
    case 'tool':
      return `as ${departure.title} counts (--convention ${departure.convention})`
    case 'with':
      return `plus ${exact(departure.amount)}: ${componentText(departure.component.name, departure.each)}${where(departure.component)}`
    case 'without':
      return `minus ${exact(departure.amount)}: ${componentText(departure.component.name, 1)}${where(departure.component)}`
  }
}

/** `, in layer2.0.conv1 (102,760,448), ... and 12 more`. */
function where({ layers }: Component): string {
  const named = layers.slice(0, NAMED).map(({ path, amount }) => `${printable(path)} (${exact(amount)})`)
  const rest = layers.length - named.length
  return `, in ${named.join(', ')}${rest === 0 ? '' : ` and ${rest} more`}`
}

/** Continued lines stand below the text of their bullet. */
function bulleted(text: string, width: number): string[] {
  const [, indent = '', bullet = ''] = /^( *)(- )?/.exec(text) ?? []
  const rest = text.slice(indent.length + bullet.length)
  const first = bullet === '' ? indent : `    ${bullet}`
  const lines = wrapped(rest, width - first.length)
  return lines.map((line, index) => (index === 0 ? first : ' '.repeat(first.length)) + line)
}

function beliefText({ explanations, tried, agreeing }: Reconciliation): string {
  const departures = explanations[0]?.departures.length ?? 0
  if (explanations.length === 0) return `${exact(tried)} counts were tried.`
  const how = `Of ${exact(tried)} counts that were tried, ${exact(agreeing)} (${percent(agreeing, tried)}%) agree with the figure`
  return departures < 2
    ? `${how}; the simplest are shown.`
    : `${how}: with ${departures} departures such agreement may well be chance.`
}

const componentTable = ({ components, own }: Reconciliation): Table => ({
  columns: [
    left('what some count and others do not'),
    right('operators'),
    right('amount'),
    right('% of MACs'),
  ],
  rows: components.map(({ name, of, layers, amount }) => [
    componentText(name, 1) + (of === 'macs' ? ' *' : ''),
    exact(layers.length),
    exact(amount),
    percent(amount, own),
  ]),
  footer: ['* part of the MACs', '', exact(own), ''],
})
