import type { ConventionSummary, ConventionTotal } from '../analysis/conventions/count.ts'
import { printable } from '../diagnostics/printable.ts'
import { painterOf } from './paint.ts'
import { left, right, tableText, type Table } from './table.ts'
import { exact, joined, NOTHING, quantity, wrapped } from './units.ts'

interface ConventionTextOptions {
  /** Columns of the terminal; default: as wide as it needs. */
  readonly width?: number
  readonly color?: boolean
  /** Whether to list every operator that it counts. */
  readonly layers?: boolean
}

/** Version of the form of the report. */
const CONVENTION_VERSION = 1

type ConventionJson = ConventionSummary & { readonly archc_convention: number }

export const conventionJson = (summary: ConventionSummary): ConventionJson => ({
  archc_convention: CONVENTION_VERSION,
  ...summary,
})

/** What a tool would say of a network, where it comes from, and what the others say. */
export function conventionText(summary: ConventionSummary, options: ConventionTextOptions = {}): string {
  const width = Math.max(40, options.width ?? Infinity)
  const paint = painterOf(options.color ?? false)
  const title = (text: string): string[] => wrapped(text, width).map((line) => paint('title', line))
  const tables = [operatorTable, ...(options.layers === true ? [layerTable] : []), conventionTable]
  const sections = [
    [...title(heading(summary)), '', ...explained(summary, Math.min(width, 100))],
    ...tables.map((table) => tableText(table(summary), width, paint)),
  ]
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

const heading = ({ network, input, convention }: ConventionSummary): string =>
  `${printable(network)}, one image of ${input.join(' x ')}, as ${convention.title} counts`

function explained({ convention, counts, source, macs }: ConventionSummary, width: number): string[] {
  const { total, calls, name } = convention
  const figure = `${amount(total)} = ${exact(total)}${name === 'archc' ? ' MACs' : `, which it calls ${calls}`}`
  const own = name === 'archc' ? [] : [`archc: ${amount(macs)} = ${exact(macs)} MACs`]
  return [figure, ...own, `counts: ${counts}`, `source: ${source}`].flatMap((text) => indented(text, width))
}

const indented = (text: string, width: number): string[] =>
  wrapped(text, width - 4).map((line, index) => (index === 0 ? `  ${line}` : `    ${line}`))

const amount = (count: number): string => joined(quantity(count, ''))

function operatorTable({ operators, convention, macs }: ConventionSummary): Table {
  const own = convention.name === 'archc'
  const rows = operators.map((one) => [
    one.op,
    exact(one.nodes),
    ...compared(one.amount, one.macs).slice(0, own ? 1 : 3),
  ])
  const footer = ['total', '', ...compared(convention.total, macs).slice(0, own ? 1 : 3)]
  const beside = own ? [] : [right('archc', { dropOrder: 2 }), right('difference')]
  return {
    columns: [left('operator'), right('nodes', { dropOrder: 1 }), right(convention.name), ...beside],
    rows,
    footer,
  }
}

/** The convention's amount, archc's, and by how much they differ. */
function compared(counted: number, macs: number): string[] {
  const difference = counted - macs
  const sign = difference > 0 ? '+' : '-'
  return [count(counted), count(macs), difference === 0 ? NOTHING : `${sign}${exact(Math.abs(difference))}`]
}

const count = (value: number): string => (value === 0 ? NOTHING : exact(value))

const layerTable = ({ layers, convention }: ConventionSummary): Table => ({
  columns: [left('layer'), left('operator', { dropOrder: 1 }), right(convention.name)],
  rows: layers
    .filter((layer) => layer.amount > 0)
    .map((layer) => [printable(layer.path), layer.op, exact(layer.amount)]),
  footer: ['total', '', exact(convention.total)],
})

const conventionTable = ({ conventions }: ConventionSummary): Table => ({
  columns: [
    left('convention'),
    right('figure'),
    left('called'),
    right('per MAC'),
    left('tool', { dropOrder: 1 }),
  ],
  rows: conventions.map((one: ConventionTotal) => [
    one.name,
    exact(one.total),
    one.calls,
    String(one.per_mac),
    one.title,
  ]),
})
