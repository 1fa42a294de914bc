import { exact } from '../../units.ts'
import { element } from './dom.ts'
import type { Analysis, LayerAnalysis } from '../../../analysis/analysis.ts'
import { isDivided, measuresWith, shortTitle, type Measure } from '../../../analysis/measures.ts'
import { capitalised } from '../analysis-page.ts'
import { columnScale, shareText, plain, sizesText } from '../quantities.ts'
import { layerPlace } from './tooltip.ts'

/** A column of a table that sorts. */
export interface SortableColumn<Row> {
  readonly title: string
  readonly unit?: string
  /** What rows are sorted by: numbers largest first at the first wish, texts in their order. */
  readonly value: (row: Row) => number | string
  readonly text: (row: Row) => string
  /** Whether it stays in sight where the table scrolls sideways. */
  readonly stays?: boolean
  /** Said when the pointer rests on the cell. */
  readonly hint?: (row: Row) => string
}

interface Order {
  /** Index of the column. */
  readonly column: number
  readonly direction: 'ascending' | 'descending'
}

const collator = new Intl.Collator('en', { numeric: true })

/** The rows whose texts hold all words of `filter`, in order; equal ones stay in the order they came in. */
export function arranged<Row>(
  rows: readonly Row[],
  columns: readonly SortableColumn<Row>[],
  order: Order,
  filter: string,
): Row[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const kept = words.length === 0 ? [...rows] : rows.filter((row) => holds(row, columns, words))
  const value = columns[order.column]?.value
  if (value === undefined) return kept
  const sign = order.direction === 'ascending' ? 1 : -1
  return kept.sort((a, b) => sign * compare(value(a), value(b)))
}

/** Numbers are left out of the search: one looks for `conv`, not for a 3. */
function holds<Row>(row: Row, columns: readonly SortableColumn<Row>[], words: readonly string[]): boolean {
  const texts = columns.map(({ value }) => value(row)).filter((value) => typeof value === 'string')
  const text = texts.join('\n').toLowerCase()
  return words.every((word) => text.includes(word))
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'string' || typeof b === 'string') return collator.compare(String(a), String(b))
  return a - b
}

/** What the next press on a column's title does. */
export function nextOrder<Row>(
  columns: readonly SortableColumn<Row>[],
  rows: readonly Row[],
  now: Order,
  column: number,
): Order {
  if (now.column === column)
    return { column, direction: now.direction === 'ascending' ? 'descending' : 'ascending' }
  const [first] = rows
  const sample = first === undefined ? '' : columns[column]?.value(first)
  return { column, direction: typeof sample === 'number' ? 'descending' : 'ascending' }
}

interface TableOptions<Row> {
  /** Said to those who do not see it. */
  readonly label: string
  readonly noun: string
  readonly columns: readonly SortableColumn<Row>[]
  readonly rows: readonly Row[]
  readonly order: Order
  /** A sign before the text of a cell. */
  readonly sign?: (row: Row, column: SortableColumn<Row>) => Node | undefined
}

/** More rows than these are shown on demand: ten thousand at once are slow to lay out and of no use. */
const FIRST_ROWS = 400
const MORE_ROWS = 1000

/** A table that sorts by each column and filters by text, in `place`. */
export function sortableTable<Row>(place: HTMLElement, options: TableOptions<Row>): void {
  const { columns, rows, noun } = options
  let order = options.order
  let limit = FIRST_ROWS
  const body = element('tbody', '')
  const search = searchField(noun)
  const count = element('output', 'count')
  const more = element('button', 'more')
  more.type = 'button'
  const headers = columns.map((column, index) =>
    header(column, isText(column, rows), () => {
      order = nextOrder(columns, rows, order, index)
      show()
    }),
  )

  const show = (): void => {
    const found = arranged(rows, columns, order, search.value)
    body.replaceChildren(...found.slice(0, limit).map((row) => rowElement(row, options)))
    count.textContent = `${exact(found.length)} of ${exact(rows.length)} ${noun}`
    more.hidden = found.length <= limit
    more.textContent = `Show ${exact(Math.min(MORE_ROWS, found.length - limit))} more`
    for (const [index, cell] of headers.entries())
      if (index === order.column) cell.setAttribute('aria-sort', order.direction)
      else cell.removeAttribute('aria-sort')
  }
  search.addEventListener('input', show)
  more.addEventListener('click', () => {
    limit += MORE_ROWS
    show()
  })
  place.replaceChildren(
    element('div', 'tools', search, count),
    scrolling(options.label, element('thead', '', element('tr', '', ...headers)), body),
    more,
  )
  show()
}

function searchField(noun: string): HTMLInputElement {
  const search = element('input', '')
  search.type = 'search'
  search.placeholder = `Filter ${noun}`
  search.setAttribute('aria-label', `Filter ${noun}`)
  search.autocomplete = 'off'
  search.spellcheck = false
  return search
}

/** Reachable by keyboard, since it scrolls where the screen is narrow. */
function scrolling(label: string, ...parts: readonly Node[]): HTMLElement {
  const frame = element('div', 'scroll tall', element('table', 'numbers', ...parts))
  frame.tabIndex = 0
  frame.setAttribute('role', 'region')
  frame.setAttribute('aria-label', label)
  return frame
}

function isText<Row>({ value }: SortableColumn<Row>, [first]: readonly Row[]): boolean {
  return first !== undefined && typeof value(first) === 'string'
}

const classOf = (text: boolean, stays = false): string => `${text ? 'text' : ''}${stays ? ' name' : ''}`

function header<Row>(
  { title, unit, stays }: SortableColumn<Row>,
  text: boolean,
  sort: () => void,
): HTMLTableCellElement {
  const button = element('button', '', title)
  if (unit !== undefined && unit !== '') button.append(' ', element('small', '', unit))
  button.type = 'button'
  button.addEventListener('click', sort)
  const cell = element('th', classOf(text, stays), button)
  cell.scope = 'col'
  return cell
}

function rowElement<Row>(row: Row, { columns, sign }: TableOptions<Row>): HTMLTableRowElement {
  const cells = columns.map((column) => {
    const cell = element('td', classOf(typeof column.value(row) === 'string', column.stays))
    const mark = sign?.(row, column)
    if (mark !== undefined) cell.append(mark)
    cell.append(...element('span', '', column.text(row)).childNodes)
    if (column.hint !== undefined) cell.title = column.hint(row)
    return cell
  })
  return element('tr', '', ...cells)
}

/** A layer, and its place in the order of execution from 1. */
interface LayerRow {
  readonly layer: LayerAnalysis
  readonly number: number
}

type LayerColumn = SortableColumn<LayerRow>

/** By title, for the sign before it. */
export const KIND = 'Kind'

/** What the table says of every layer; times only where a device was asked for. */
export function layerColumns(analysis: Analysis): LayerColumn[] {
  return [
    { title: '#', value: ({ number }) => number, text: ({ number }) => exact(number) },
    {
      ...textColumn('Layer', ({ path }) => path),
      stays: true,
      hint: ({ layer }) => `${layer.path}\n${layerPlace(layer)}`,
    },
    textColumn('Operator', ({ op }) => op),
    textColumn(KIND, ({ kind }) => kind, fusedText),
    {
      title: 'Output',
      value: ({ layer }) => layer.output.reduce((product, size) => product * size, 1),
      text: ({ layer }) => sizesText(layer.output),
    },
    ...measuresWith('layers')
      .filter(({ ofPart }) => ofPart?.(analysis) !== undefined)
      .flatMap((measure) => measureColumns(measure, analysis.layers)),
  ]
}

/** A measure, and behind the time each layer's share of it and what limits. */
function measureColumns(measure: Measure, layers: readonly LayerAnalysis[]): LayerColumn[] {
  if (measure.key === 'macs') return [macsColumn(measure, layers)]
  const column = measureColumn(measure, layers)
  return measure.key === 'seconds' ? [column, ...timeColumns] : [column]
}

const secondsOf = ({ time }: LayerAnalysis): number => time?.seconds ?? 0

const timeColumns: readonly LayerColumn[] = [
  {
    title: 'Share',
    value: ({ layer }) => layer.time?.share ?? 0,
    text: ({ layer }) => (secondsOf(layer) > 0 ? shareText(layer.time?.share ?? 0) : '0'),
  },
  {
    title: 'Bound by',
    value: ({ layer }) => boundOf(layer),
    text: ({ layer }) => boundOf(layer),
  },
]

const boundOf = (layer: LayerAnalysis): string => (secondsOf(layer) > 0 ? (layer.time?.bound ?? '') : '')

function measureColumn(measure: Measure, layers: readonly LayerAnalysis[]): LayerColumn {
  const title = capitalised(shortTitle(measure))
  const of = (layer: LayerAnalysis): number => measure.ofPart?.(layer) ?? 0
  const value = ({ layer }: LayerRow): number => of(layer)
  if (measure.written === 'plain') return { title, value, text: ({ layer }) => plain(of(layer)) }
  const { unit } = measure
  const scale = columnScale(layers.map(of), unit)
  return {
    title,
    unit: scale.unit,
    value,
    text: ({ layer }) => scale.text(of(layer)),
    hint: ({ layer }) =>
      isDivided(unit) ? `${of(layer).toPrecision(4)} ${unit}` : `${exact(Math.round(of(layer)))} ${unit}`,
  }
}

/** Those of filters that are not learned are no part of any total, so they stand in parentheses. */
function macsColumn(measure: Measure, layers: readonly LayerAnalysis[]): LayerColumn {
  const scale = columnScale(
    layers.map(({ macs, fixed_macs: fixed }) => Math.max(macs, fixed)),
    '',
  )
  return {
    title: measure.title,
    unit: scale.unit,
    value: ({ layer }) => layer.macs,
    text: ({ layer: { macs, fixed_macs: fixed } }) =>
      fixed > 0 && macs === 0 ? `(${scale.text(fixed)})` : scale.text(macs),
    hint: ({ layer: { macs, fixed_macs: fixed } }) =>
      `${exact(macs)}${fixed > 0 ? ` and ${exact(fixed)} in fixed filters` : ''}`,
  }
}

const textColumn = (
  title: string,
  of: (layer: LayerAnalysis) => string,
  hint?: (layer: LayerAnalysis) => string,
): LayerColumn => ({
  title,
  value: ({ layer }) => of(layer),
  text: ({ layer }) => of(layer),
  ...(hint === undefined ? {} : { hint: ({ layer }) => hint(layer) }),
})

const fusedText = ({ fused_into: other }: LayerAnalysis): string => (other === null ? '' : `done in ${other}`)
