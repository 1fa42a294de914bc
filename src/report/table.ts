import { columnsOf } from '../diagnostics/printable.ts'
import { plainPaint, type Painter, type Style } from './paint.ts'

export interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
  /** Stands once above all neighbours that share it. */
  readonly group?: string
  /** When the table is too wide, columns go in this order, lowest first; absent: the column stays. */
  readonly dropOrder?: number
}

/** A column of texts, which begin at its left. */
export const left = (title: string, more: Omit<Column, 'title' | 'align'> = {}): Column => ({
  title,
  align: 'left',
  ...more,
})

/** A column of numbers, which end at its right. */
export const right = (title: string, more: Omit<Column, 'title' | 'align'> = {}): Column => ({
  title,
  align: 'right',
  ...more,
})

export type Cell = string | { readonly text: string; readonly style: Style }

export interface Table {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  /** Below a rule, aligned with the rest. */
  readonly footer?: readonly Cell[]
}

/** A column that is shown. */
interface Shown {
  readonly index: number
  readonly column: Column
  /** Spaces before it. */
  readonly gap: number
  readonly width: number
}

const GAP = 2
/** Groups stand apart. */
const GROUP_GAP = 3
/** The first column is shortened before others are dropped, but never below this. */
const LEAST = 12
const FIRST_SHARE = 0.33

/** Aligned text, no wider than `width` as far as dropping columns and shortening the first one allow. */
export function tableText(table: Table, width: number, paint: Painter = plainPaint): string[] {
  const shown = shownColumns(table, width)
  const rule = '-'.repeat(totalWidth(shown))
  const draw = (row: readonly Cell[]): string => line(shown, row, paint)
  return [
    ...groupLine(shown, paint),
    paint('heading', line(shown, titlesOf(table), plainPaint)),
    paint('quiet', rule),
    ...table.rows.map(draw),
    ...(table.footer === undefined ? [] : [paint('quiet', rule), draw(table.footer)]),
  ]
}

const titlesOf = ({ columns }: Table): string[] => columns.map(({ title }) => title)

export const textOf = (cell: Cell | undefined): string =>
  cell === undefined ? '' : typeof cell === 'string' ? cell : cell.text

/** The columns that fit beside a first one of reasonable width, which then takes what is left. */
function shownColumns(table: Table, width: number): Shown[] {
  const needs = needsOf(table)
  const first = Math.min(needs[0] ?? 0, Math.max(LEAST, Math.floor(width * FIRST_SHARE)))
  const least = [first, ...needs.slice(1)]
  let kept = [...table.columns.keys()]
  for (const dropped of droppable(table.columns)) {
    if (totalWidth(laidOut(kept, table.columns, least)) <= width) break
    kept = kept.filter((index) => index !== dropped)
  }
  const room = width - totalWidth(laidOut(kept, table.columns, [0, ...needs.slice(1)]))
  const widths = [Math.min(needs[0] ?? 0, Math.max(LEAST, room)), ...needs.slice(1)]
  return laidOut(kept, table.columns, widths)
}

/** Columns that each needs for its widest cell. */
function needsOf(table: Table): number[] {
  const needs = table.columns.map(({ title }) => widthOf(title))
  for (const row of [...table.rows, table.footer ?? []])
    for (const [index, cell] of row.entries())
      needs[index] = Math.max(needs[index] ?? 0, widthOf(textOf(cell)))
  return needs
}

function droppable(columns: readonly Column[]): number[] {
  const order = (index: number): number => columns[index]?.dropOrder ?? Infinity
  return [...columns.keys()].filter((index) => order(index) < Infinity).sort((a, b) => order(a) - order(b))
}

function laidOut(kept: readonly number[], columns: readonly Column[], widths: readonly number[]): Shown[] {
  const shown = kept.flatMap((index, at): Shown[] => {
    const column = columns[index]
    if (column === undefined) return []
    const before = columns[kept[at - 1] ?? -1]
    const apart = before?.group !== column.group
    return [{ index, column, gap: at === 0 ? 0 : apart ? GROUP_GAP : GAP, width: widths[index] ?? 0 }]
  })
  return spansOf(shown).flatMap(({ group, members }) => widened(members, widthOf(group ?? '')))
}

/** The last of a group is as wide as the group's name needs. */
function widened(members: readonly Shown[], width: number): Shown[] {
  const lack = width - spanWidth(members)
  return members.map((member, at) =>
    at === members.length - 1 && lack > 0 ? { ...member, width: member.width + lack } : member,
  )
}

interface Span {
  readonly group: string | undefined
  readonly members: Shown[]
}

function spansOf(shown: readonly Shown[]): Span[] {
  const spans: Span[] = []
  for (const each of shown) {
    const { group } = each.column
    const last = spans.at(-1)
    if (last !== undefined && group !== undefined && last.group === group) last.members.push(each)
    else spans.push({ group, members: [each] })
  }
  return spans
}

const totalWidth = (shown: readonly Shown[]): number =>
  shown.reduce((sum, { gap, width }) => sum + gap + width, 0)

const spanWidth = (members: readonly Shown[]): number => totalWidth(members) - (members[0]?.gap ?? 0)

/** The groups' names, each above the end of its columns; no line where there are none. */
function groupLine(shown: readonly Shown[], paint: Painter): string[] {
  const spans = spansOf(shown)
  if (spans.every(({ group }) => group === undefined)) return []
  const cells = spans.map(({ group = '', members }) => {
    const gap = ' '.repeat(members[0]?.gap ?? 0)
    return gap + padded(group, spanWidth(members), members.at(-1)?.column.align ?? 'right')
  })
  return [paint('heading', cells.join('').trimEnd())]
}

function line(shown: readonly Shown[], row: readonly Cell[], paint: Painter): string {
  let text = ''
  let pending = ''
  for (const { index, column, gap, width } of shown) {
    const cell = row[index]
    const content = clip(textOf(cell), width)
    const space = ' '.repeat(width - widthOf(content))
    const style = typeof cell === 'object' ? cell.style : undefined
    const before = pending + ' '.repeat(gap) + (column.align === 'right' ? space : '')
    pending = column.align === 'right' ? '' : space
    if (content === '') pending = before + pending
    else text += before + paint(style, content)
  }
  return text
}

function padded(text: string, width: number, align: Column['align']): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)))
  return align === 'right' ? space + text : text + space
}

/** The end of a path says more than its beginning. */
function clip(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  let room = width - 1
  for (const character of Array.from(text).reverse()) {
    room -= columnsOf(character)
    if (room < 0) break
    kept = character + kept
  }
  return `…${kept}`
}

export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += columnsOf(character)
  return width
}
