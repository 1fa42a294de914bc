import type { Analysis, Counts, StageAnalysis, LayerAnalysis } from '../analysis/analysis.ts'
import { left, right, type Cell, type Column, type Table } from './table.ts'
import { NOTHING, percent, scaleFor, exact, type Scale } from './units.ts'
import {
  measureNamed,
  measuresWith,
  optionName,
  shortTitle,
  type Measure,
  type OptionName,
} from '../analysis/measures.ts'
import { printable, clipMiddle } from '../diagnostics/printable.ts'
import { shapeText } from './facts.ts'

/** A column of numbers that parts and layers have alike. */
interface NumberColumn {
  readonly column: Column
  readonly cell: (counts: Counts) => Cell
  /** The cell below the rule. */
  readonly total: Cell
}

/** How a table shows its measures. */
interface Style {
  /** Which of the two tables that the rows of the measures speak of. */
  readonly table: 'stages' | 'layers'
  readonly digits: number
  /** The amount of a column that has that many digits: the network's, or the largest of the rows. */
  readonly largest: 'whole' | 'row'
}

const stageStyle: Style = { table: 'stages', digits: 4, largest: 'whole' }
const layerStyle: Style = { table: 'layers', digits: 3, largest: 'row' }

/** The columns of all measures that a table shows and the analysis has, and last what most of the time waits for. */
function numberColumns(analysis: Analysis, rows: readonly Counts[], style: Style): NumberColumn[] {
  const columns = measuresWith(style.table).flatMap((measure) => columnsOf(measure, analysis, rows, style))
  return analysis.time === undefined ? columns : [...columns, boundColumn(analysis)]
}

function columnsOf(measure: Measure, whole: Analysis, rows: readonly Counts[], style: Style): NumberColumn[] {
  const shown = measure[style.table]
  const total = measure.ofPart?.(whole)
  if (shown === undefined || shown === 'page' || total === undefined) return []
  const of = (counts: Counts): number => measure.ofPart?.(counts) ?? 0
  const largest = rows.reduce((most, row) => Math.max(most, of(row)), 0)
  const { amount: order, share, digits = style.digits } = shown
  const amount =
    measure.written === 'plain'
      ? plainColumn(measure, of, order)
      : digits === 'exact'
        ? exactColumn(measure, of, order)
        : scaledColumn(measure, of, {
            scale: scaleFor(style.largest === 'whole' ? total : largest, measure.unit, digits),
            order,
          })
  const columns = [{ ...amount, total: amount.cell(whole) }]
  return share === undefined
    ? columns
    : [...columns, shareColumn(measure, of, { total, largest, order: share })]
}

type ValueOf = (counts: Counts) => number
type Unsummed = Omit<NumberColumn, 'total'>

/** In one unit for all rows. */
const scaledColumn = (
  measure: Measure,
  of: ValueOf,
  { scale, order }: { scale: Scale; order?: number | undefined },
): Unsummed => ({
  column: column(scale.unit, order, shortTitle(measure)),
  cell: (counts) => scale.text(of(counts)),
})

/** To the last one: layers have from some ten to some million parameters. */
const exactColumn = (measure: Measure, of: ValueOf, order?: number): Unsummed => ({
  column: column(measure.title, order),
  cell: (counts) => (of(counts) === 0 ? NOTHING : exact(of(counts))),
})

const plainColumn = (measure: Measure, of: ValueOf, order?: number): Unsummed => ({
  column: column(measure.title, order),
  cell: (counts) => (of(counts) === 0 ? NOTHING : of(counts).toFixed(1)),
})

/** A share is set off that is at least this part of the largest in its column. */
const LARGE = 0.5

/** Each row's share of the whole, of a hundred. */
function shareColumn(
  measure: Measure,
  of: ValueOf,
  { total, largest, order }: { total: number; largest: number; order: number },
): NumberColumn {
  const cell = (counts: Counts): Cell => {
    const part = of(counts)
    if (part === 0) return NOTHING
    const text = percent(part, total)
    return part >= LARGE * largest ? { text, style: 'large' } : text
  }
  return { column: column('%', order, shortTitle(measure)), cell, total: '' }
}

/** When the column of what limits gives way to a narrow terminal. */
const BOUND_ORDER = 8

/** What most of the time waits for; only where there are times. */
function boundColumn(whole: Analysis): NumberColumn {
  const cell = ({ time }: Counts): Cell =>
    time === undefined || time.seconds === 0 ? '' : { text: time.bound, style: time.bound }
  return { column: left('bound', { dropOrder: BOUND_ORDER }), cell, total: cell(whole) }
}

const column = (title: string, dropOrder: number | undefined, group?: string): Column =>
  right(title, {
    ...(group === undefined ? {} : { group }),
    ...(dropOrder === undefined ? {} : { dropOrder }),
  })

/** What tables are sorted by, as `--sort` takes it. */
export type SortKey = OptionName<'sort'>
export const sortKeys: readonly string[] = measuresWith('sort').map(optionName)

/** Largest first, and equals in the order of execution; as they are executed where no measure is named. */
function ordered<Row extends Counts>(rows: readonly Row[], key?: SortKey): readonly Row[] {
  const of = key === undefined ? undefined : measureNamed(key)?.ofPart
  return of === undefined ? rows : [...rows].sort((a, b) => (of(b) ?? 0) - (of(a) ?? 0))
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
  const numbers = numberColumns(analysis, analysis.stages, stageStyle)
  return {
    columns: [left('part'), left('output', { dropOrder: 3 }), ...numbers.map(({ column }) => column)],
    rows: ordered(analysis.stages, sort).map((stage) => [
      printable(stage.name),
      outputsOf(stage),
      ...numbers.map(({ cell }) => cell(stage)),
    ]),
    footer: ['total', '', ...numbers.map(({ total }) => total)],
  }
}

/** The first output, and how many more there are: `16x56x56 (+3)`. */
const outputsOf = ({ output, other_outputs: others = [] }: StageAnalysis): string =>
  others.length === 0 ? shapeText(output) : `${shapeText(output)} (+${others.length})`

/** A row an operator, and the whole. */
export function layerTable(analysis: Analysis, sort?: SortKey): Table {
  const numbers = numberColumns(analysis, analysis.layers, layerStyle)
  return {
    columns: [
      left('layer'),
      left('operator', { dropOrder: 1 }),
      left('output', { dropOrder: 5 }),
      left('kind', { dropOrder: 6 }),
      left('bias', { dropOrder: 9 }),
      ...numbers.map(({ column }) => column),
    ],
    rows: ordered(analysis.layers, sort).map((layer) => [
      printable(layer.path),
      layer.op,
      shapeText(layer.output),
      kindOf(layer),
      biasOf(layer),
      ...numbers.map(({ cell }) => cell(layer)),
    ]),
    footer: ['total', '', '', '', '', ...numbers.map(({ total }) => total)],
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
