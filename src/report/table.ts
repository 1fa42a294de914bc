import { columnsOf } from '../diagnostics/printable.ts'

export interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
  /** When the table is too wide, columns go in this order, lowest first; absent: the column stays. */
  readonly dropOrder?: number
}

export interface Table {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly string[])[]
  /** Below a rule, aligned with the rest. */
  readonly footer?: readonly string[]
}

const GAP = '  '

/** Aligned text, no wider than `width` as far as dropping columns and shortening the first one allow. */
export function tableText(table: Table, width: number): string[] {
  const kept = keptColumns(table, width)
  const rows = [
    table.columns.map(({ title }) => title),
    ...table.rows,
    ...(table.footer ? [table.footer] : []),
  ]
  const widths = kept.map((index) => Math.max(...rows.map((row) => widthOf(row[index] ?? ''))))
  widths[0] = Math.min(widths[0] ?? 0, Math.max(12, width - totalWidth(widths.slice(1)) - GAP.length))
  const lines = rows.map((row) => line(kept, row, widths, table.columns))
  const rule = '-'.repeat(Math.max(0, totalWidth(widths)))
  const body = lines.slice(1, table.rows.length + 1)
  const footer = lines.slice(table.rows.length + 1)
  return [lines[0] ?? '', rule, ...body, ...(footer.length === 0 ? [] : [rule, ...footer])]
}

/** Indexes of the columns that fit beside a first one of reasonable width. */
function keptColumns({ columns, rows, footer = [] }: Table, width: number): number[] {
  const all = [columns.map(({ title }) => title), ...rows, footer]
  const needs = columns.map((_, index) => Math.max(...all.map((row) => widthOf(row[index] ?? ''))))
  let kept = [...columns.keys()]
  const order = kept.filter((index) => columns[index]?.dropOrder !== undefined)
  order.sort((a, b) => (columns[a]?.dropOrder ?? 0) - (columns[b]?.dropOrder ?? 0))
  for (const dropped of order) {
    if (totalWidth(kept.map((index) => needs[index] ?? 0)) <= width) break
    kept = kept.filter((index) => index !== dropped)
  }
  return kept
}

const totalWidth = (widths: readonly number[]): number =>
  widths.reduce((sum, each) => sum + each, 0) + GAP.length * Math.max(0, widths.length - 1)

function line(
  kept: readonly number[],
  row: readonly string[],
  widths: readonly number[],
  columns: readonly Column[],
): string {
  const cells = kept.map((index, at) => {
    const text = clip(row[index] ?? '', widths[at] ?? 0)
    const space = ' '.repeat((widths[at] ?? 0) - widthOf(text))
    return columns[index]?.align === 'right' ? space + text : text + space
  })
  return cells.join(GAP).trimEnd()
}

/** The end of a path says more than its beginning. */
function clip(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  const characters = Array.from(text)
  while (widthOf(characters.join('')) > width - 1) characters.shift()
  return `…${characters.join('')}`
}

function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += columnsOf(character)
  return width
}
