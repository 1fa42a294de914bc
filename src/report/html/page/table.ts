import { exact } from '../../units.ts'
import { element } from './dom.ts'
import { arranged, nextOrder, type Column, type Order } from './table-rows.ts'

export interface TableOptions<Row> {
  /** Said to those who do not see it. */
  readonly label: string
  readonly noun: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly order: Order
  /** A sign before the text of a cell. */
  readonly sign?: (row: Row, column: Column<Row>) => Node | undefined
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

function isText<Row>({ value }: Column<Row>, [first]: readonly Row[]): boolean {
  return first !== undefined && typeof value(first) === 'string'
}

const classOf = (text: boolean, stays = false): string => `${text ? 'text' : ''}${stays ? ' name' : ''}`

function header<Row>(
  { title, unit, stays }: Column<Row>,
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
