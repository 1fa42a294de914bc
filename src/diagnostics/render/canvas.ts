import type { Paint, Role } from './style.ts'

interface Cell {
  readonly text: string
  readonly role: Role
}

/** Rows of characters that grow as they are written to; later writes cover earlier ones. */
export class Canvas {
  readonly #rows: Cell[][] = []

  /** Repeats one character over the columns from `start` up to `end`. */
  fill(row: number, start: number, end: number, character: string, role: Role): void {
    for (let column = start; column < end; column++) this.#set(row, column, { text: character, role })
  }

  /** Writes a text that ends its row: nothing may be written to the right of it. */
  write(row: number, column: number, text: string, role: Role): void {
    this.#set(row, column, { text, role })
  }

  rows(paint: Paint): string[] {
    return this.#rows.map((cells) => paintRow(cells, paint))
  }

  #set(row: number, column: number, cell: Cell): void {
    while (this.#rows.length <= row) this.#rows.push([])
    const cells = this.#rows[row] ?? []
    while (cells.length < column) cells.push({ text: ' ', role: 'plain' })
    cells[column] = cell
  }
}

/** Joins neighbours of one role, so that a row has few colour changes. */
function paintRow(cells: readonly Cell[], paint: Paint): string {
  let painted = ''
  for (let start = 0; start < cells.length;) {
    const role = cells[start]?.role ?? 'plain'
    let end = start
    let run = ''
    while (end < cells.length && cells[end]?.role === role) run += cells[end++]?.text ?? ''
    painted += paint(role, run)
    start = end
  }
  return painted
}
