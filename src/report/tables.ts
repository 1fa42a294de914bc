import type { Analysis, Counts, StageAnalysis, LayerAnalysis } from '../analysis/analysis.ts'
import { left, right, type Cell, type Column, type Table } from './table.ts'
import { NOTHING, percent, scaleFor, type Unit, exact } from './units.ts'
import { printable, clipMiddle } from '../diagnostics/printable.ts'
import { shapeText } from './facts.ts'

/** A column of numbers that parts and layers have alike. */
interface Measure {
  readonly column: Column
  readonly cell: (counts: Counts) => Cell
  /** Below the rule. */
  readonly total: Cell
}

/** An amount that adds up over the rows of a table. */
interface Amount {
  readonly group: string
  readonly unit: Unit
  readonly of: (counts: Counts) => number
}

const amounts = {
  parameters: { group: 'parameters', unit: '', of: ({ parameters }) => parameters },
  macs: { group: 'MACs', unit: '', of: ({ macs }) => macs },
  bytes: { group: 'bytes', unit: 'B', of: ({ bytes }) => bytes },
  time: { group: 'time', unit: 's', of: ({ time }) => time?.seconds ?? 0 },
} as const satisfies Record<string, Amount>

/** When a column gives way to a narrow terminal, lowest first; absent: never. */
type DropOrder = number | undefined

/** In one unit for all rows: that in which `largest` has that many digits. */
function amountMeasure(
  whole: Counts,
  amount: Amount,
  { largest, digits, order }: { largest: number; digits: number; order?: DropOrder },
): Measure {
  const { group, unit, of } = amount
  const scale = scaleFor(largest, unit, digits)
  return {
    column: column(scale.unit, order, group),
    cell: (counts) => scale.text(of(counts)),
    total: scale.text(of(whole)),
  }
}

/** A share is set off that is at least this part of the largest in its column. */
const LARGE = 0.5

/** Each row's share of the whole, of a hundred. */
function shareMeasure(whole: Counts, rows: readonly Counts[], amount: Amount, order: number): Measure {
  const { group, of } = amount
  const largest = largestOf(rows, amount)
  const cell = (counts: Counts): Cell => {
    const part = of(counts)
    if (part === 0) return NOTHING
    const text = percent(part, of(whole))
    return part >= LARGE * largest ? { text, style: 'large' } : text
  }
  return { column: column('%', order, group), cell, total: '' }
}

const largestOf = (rows: readonly Counts[], { of }: Amount): number =>
  rows.reduce((most, row) => Math.max(most, of(row)), 0)

function intensityMeasure(whole: Counts, order: number): Measure {
  const cell = ({ intensity }: Counts): string => (intensity === 0 ? NOTHING : intensity.toFixed(1))
  return { column: column('FLOP/B', order), cell, total: cell(whole) }
}

/** What most of the time waits for; only where there are times. */
function boundMeasure(whole: Analysis, order: number): Measure {
  const cell = ({ time }: Counts): Cell =>
    time === undefined || time.seconds === 0 ? '' : { text: time.bound, style: time.bound }
  return { column: left('bound', { dropOrder: order }), cell, total: cell(whole) }
}

const column = (title: string, dropOrder: DropOrder, group?: string): Column =>
  right(title, {
    ...(group === undefined ? {} : { group }),
    ...(dropOrder === undefined ? {} : { dropOrder }),
  })

/** What tables are sorted by, as `--sort` takes it. */
export const sortKeys = ['macs', 'bytes', 'time'] as const
export type SortKey = (typeof sortKeys)[number]

const measures: Readonly<Record<SortKey, (counts: Counts) => number>> = {
  time: ({ time }) => time?.seconds ?? 0,
  bytes: ({ bytes }) => bytes,
  macs: ({ macs }) => macs,
}

/** Largest first, and equals in the order of execution; as they are executed where no key is given. */
function ordered<Row extends Counts>(rows: readonly Row[], key?: SortKey): readonly Row[] {
  if (key === undefined) return rows
  const measure = measures[key]
  return [...rows].sort((a, b) => measure(b) - measure(a))
}

/** What the columns of the tables of parts and, where they are shown, of layers are. */
export function legendOf({ run, time, layers }: Analysis, withLayers = false): string {
  const subject =
    run.mode === 'training'
      ? 'MACs: of one image, forward. bytes: of one image, forward, backward and update,'
      : 'MACs and bytes: of one image,'
  const texts = [
    `${subject} those of weights shared by the batch.`,
    'FLOP/B: intensity, at two FLOPs a MAC.',
    ...(time === undefined
      ? []
      : [
          `time: of a step of ${exact(run.batch)} image${run.batch === 1 ? '' : 's'}.`,
          'bound: what most of the time waits for.',
        ]),
    ...(withLayers && layers.some(({ fused_into: host }) => host !== null)
      ? ['in x: done in the kernel of x.']
      : []),
  ]
  return texts.join(' ')
}

/** A row a part of the network, and the whole. */
export function stageTable(analysis: Analysis, sort?: SortKey): Table {
  const measures = stageMeasures(analysis)
  return {
    columns: [left('part'), left('output', { dropOrder: 3 }), ...measures.map(({ column }) => column)],
    rows: ordered(analysis.stages, sort).map((stage) => [
      printable(stage.name),
      outputsOf(stage),
      ...measures.map(({ cell }) => cell(stage)),
    ]),
    footer: ['total', '', ...measures.map(({ total }) => total)],
  }
}

/** How large, how much work, how many bytes, how much time, and why. */
function stageMeasures(analysis: Analysis): Measure[] {
  const pair = (amount: Amount, share: number, order?: number): Measure[] => [
    amountMeasure(analysis, amount, { largest: amount.of(analysis), digits: 4, order }),
    shareMeasure(analysis, analysis.stages, amount, share),
  ]
  return [
    ...pair(amounts.parameters, 1, 7),
    ...pair(amounts.macs, 2),
    ...pair(amounts.bytes, 5),
    intensityMeasure(analysis, 4),
    ...(analysis.time === undefined ? [] : [...pair(amounts.time, 6), boundMeasure(analysis, 8)]),
  ]
}

/** The first output, and how many more there are: `16x56x56 (+3)`. */
const outputsOf = ({ output, other_outputs: others = [] }: StageAnalysis): string =>
  others.length === 0 ? shapeText(output) : `${shapeText(output)} (+${others.length})`

/** A row an operator, and the whole. */
export function layerTable(analysis: Analysis, sort?: SortKey): Table {
  const measures = layerMeasures(analysis)
  return {
    columns: [
      left('layer'),
      left('operator', { dropOrder: 1 }),
      left('output', { dropOrder: 5 }),
      left('kind', { dropOrder: 6 }),
      left('bias', { dropOrder: 9 }),
      ...measures.map(({ column }) => column),
    ],
    rows: ordered(analysis.layers, sort).map((layer) => [
      printable(layer.path),
      layer.op,
      shapeText(layer.output),
      kindOf(layer),
      biasOf(layer),
      ...measures.map(({ cell }) => cell(layer)),
    ]),
    footer: ['total', '', '', '', '', ...measures.map(({ total }) => total)],
  }
}

function layerMeasures(analysis: Analysis): Measure[] {
  const { layers } = analysis
  const amount = (each: Amount, digits = 3): Measure =>
    amountMeasure(analysis, each, { largest: largestOf(layers, each), digits })
  const shares = (each: Amount, order: number): Measure => shareMeasure(analysis, layers, each, order)
  return [
    parametersMeasure(analysis, 3),
    amount(amounts.macs, 4),
    amount(amounts.bytes),
    shares(amounts.bytes, 2),
    intensityMeasure(analysis, 4),
    ...(analysis.time === undefined
      ? []
      : [amount(amounts.time), shares(amounts.time, 7), boundMeasure(analysis, 8)]),
  ]
}

/** To the last one: layers have from some ten to some million. */
function parametersMeasure({ parameters: whole }: Analysis, dropOrder: number): Measure {
  const text = (count: number): string => (count === 0 ? NOTHING : exact(count))
  return {
    column: right('parameters', { dropOrder }),
    cell: ({ parameters }) => text(parameters),
    total: text(whole),
  }
}

/** Longer names of hosts lose their middle. */
const HOST_LIMIT = 20

/** The kind of kernel, or in whose kernel it is done, without what both paths begin with: `in conv1`. */
function kindOf({ path, kind, fused_into: host }: LayerAnalysis): string {
  if (host === null) return kind
  return `in ${clipMiddle(printable(host.slice(commonBlock(path, host).length)), HOST_LIMIT)}`
}

/** Whether a learned offset is added, where one could be. */
const biasOf = ({ bias }: LayerAnalysis): string => (bias === null ? '' : bias ? 'yes' : 'no')

/** `stage1.0.` of `stage1.0.se.pool` and `stage1.0.conv1`. */
function commonBlock(a: string, b: string): string {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return a.slice(0, a.slice(0, at).lastIndexOf('.') + 1)
}
