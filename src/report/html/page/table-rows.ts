/** A column of a table that sorts. */
export interface Column<Row> {
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

export interface Order {
  /** Index of the column. */
  readonly column: number
  readonly direction: 'ascending' | 'descending'
}

const collator = new Intl.Collator('en', { numeric: true })

/** The rows whose texts hold all words of `filter`, in order; equal ones stay in the order they came in. */
export function arranged<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
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
function holds<Row>(row: Row, columns: readonly Column<Row>[], words: readonly string[]): boolean {
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
  columns: readonly Column<Row>[],
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
