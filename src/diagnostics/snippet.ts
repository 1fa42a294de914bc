import { type SourceFile, positionAt } from '../source/source-file.ts'
import { columnsOf, printable, clipMiddle } from './printable.ts'
import type { Span } from '../source/span.ts'
import type { Diagnostic } from './diagnostic.ts'

/** What a piece of rendered text is; colours are chosen here and nowhere else. */
export type Role = 'error' | 'warning' | 'strong' | 'frame' | 'label' | 'plain'

export type DiagnosticPaint = (role: Role, text: string) => string

const codes: Readonly<Record<Role, string>> = {
  error: '1;31',
  warning: '1;33',
  strong: '1',
  frame: '1;34',
  label: '1;34',
  plain: '',
}

/** Select Graphic Rendition sequences, or nothing at all. */
export const painter = (color: boolean): DiagnosticPaint =>
  color
    ? (role, text) => (codes[role] === '' || text === '' ? text : `\u001b[${codes[role]}m${text}\u001b[0m`)
    : (_, text) => text

const TAB = '    '

/** A stretch of a line as it is shown, and where on the screen each of its characters stands. */
interface ShownLine {
  readonly text: string
  /** Screen column of an offset in the line; offsets that are clipped away map to the nearest edge. */
  readonly columnAt: (offset: number) => number
  /** Offsets in the line of the first character shown and of the one after the last. */
  readonly from: number
  readonly to: number
}

/** Offsets in the file where a line (counted from 1) begins and where its text ends. */
function lineBounds(file: SourceFile, line: number): { readonly start: number; readonly end: number } {
  const start = file.lineStarts[line - 1] ?? file.text.length
  let end = file.lineStarts[line] ?? file.text.length
  if (end > start && file.text[end - 1] === '\n') end--
  if (end > start && file.text[end - 1] === '\r') end--
  return { start, end }
}

/**
 * Shows a line, or `width` characters of it that begin a little before `focus` (an offset in the line). Only
 * that stretch is ever looked at: a line may be megabytes long.
 */
function showLine(file: SourceFile, line: number, focus: number, width: number): ShownLine {
  const { start, end } = lineBounds(file, line)
  const length = end - start
  const from =
    length <= width ? 0 : wholeCharacter(file.text, start, Math.max(0, Math.min(focus - 20, length - width)))
  const to = wholeCharacter(file.text, start, Math.min(length, from + width))
  return expand(file.text.slice(start + from, start + to), from, to, to < length)
}

/** Moves an offset that falls inside a surrogate pair to the pair's start. */
function wholeCharacter(text: string, lineStart: number, offset: number): number {
  const code = text.charCodeAt(lineStart + offset)
  return offset > 0 && code >= 0xdc00 && code <= 0xdfff ? offset - 1 : offset
}

function expand(raw: string, from: number, to: number, cut: boolean): ShownLine {
  let text = from > 0 ? '…' : ''
  let column = text.length
  const columns: number[] = []
  for (const character of raw) {
    for (let unit = 0; unit < character.length; unit++) columns.push(column)
    const shown = character === '\t' ? TAB : printable(character)
    text += shown
    column += character === '\t' ? TAB.length : columnsOf(shown)
  }
  columns.push(column)
  const columnAt = (offset: number): number => columns[Math.max(0, Math.min(offset, to) - from)] ?? column
  return { text: text + (cut ? '…' : ''), columnAt, from, to }
}

/** More labels than this are not drawn: a screen of them helps nobody, and the work stays bounded. */
const LABEL_LIMIT = 100
const LABEL_LENGTH = 400

/** A stretch of one line to underline, in offsets within the line; `end` is at least `start + 1`. */
export interface Mark {
  readonly file: SourceFile
  readonly line: number
  readonly start: number
  readonly end: number
  readonly primary: boolean
  /** Shown beside or below the underline; empty: none. */
  readonly text: string
}

/**
 * What to underline for a diagnostic. Labels within the main span stand for it: they say more than one
 * underline over everything would.
 */
export function marksOf(diagnostic: Diagnostic): Mark[] {
  const { span } = diagnostic
  const labels = diagnostic.labels.slice(0, LABEL_LIMIT)
  const marks = labels.flatMap((label) =>
    marksOfSpan(label.span, span !== undefined && equal(label.span, span), label.text),
  )
  const covered = span !== undefined && labels.some((label) => contains(span, label.span))
  return span === undefined || covered ? marks : [...marksOfSpan(span, true, ''), ...marks]
}

const equal = (a: Span, b: Span): boolean => a.file === b.file && a.start === b.start && a.end === b.end

const contains = (outer: Span, inner: Span): boolean =>
  outer.file === inner.file && outer.start <= inner.start && inner.end <= outer.end

/** One mark for a span within a line; for a longer one its first and its last line, the text at the last. */
function marksOfSpan(span: Span, primary: boolean, text: string): Mark[] {
  const { file } = span
  const first = positionAt(file, span.start)
  const last = positionAt(file, Math.max(span.start, span.end - 1))
  const label = clipMiddle(printable(text), LABEL_LENGTH)
  const mark = (line: number, start: number, end: number, words: string): Mark => {
    return { file, line, start, end: Math.max(end, start + 1), primary, text: words }
  }
  if (first.line === last.line) {
    return [mark(first.line, first.column - 1, first.column - 1 + span.end - span.start, label)]
  }
  const { start, end } = lineBounds(file, first.line)
  return [
    mark(first.line, first.column - 1, end - start, ''),
    mark(last.line, Math.min(indentation(file, last.line), last.column - 1), last.column, label),
  ]
}

function indentation(file: SourceFile, line: number): number {
  const { start, end } = lineBounds(file, line)
  let at = start
  while (at < end && (file.text[at] === ' ' || file.text[at] === '\t')) at++
  return at - start
}

interface Cell {
  readonly text: string
  readonly role: Role
}

/** Rows of characters that grow as they are written to; later writes cover earlier ones. */
class Canvas {
  readonly #rows: Cell[][] = []

  /** Repeats one character over the columns from `start` up to `end`. */
  fill(row: number, start: number, end: number, character: string, role: Role): void {
    for (let column = start; column < end; column++) this.#set(row, column, { text: character, role })
  }

  /** Writes a text that ends its row: nothing may be written to the right of it. */
  write(row: number, column: number, text: string, role: Role): void {
    this.#set(row, column, { text, role })
  }

  rows(paint: DiagnosticPaint): string[] {
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
function paintRow(cells: readonly Cell[], paint: DiagnosticPaint): string {
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

/** A stretch of a shown line in screen columns. */
interface Underline {
  readonly start: number
  readonly end: number
  readonly primary: boolean
  readonly text: string
}

/**
 * Draws below a line its underlines and their texts, as rustc does: the rightmost text stands beside its
 * underline, the others hang below theirs, from right to left.
 */
function drawUnderlines(underlines: readonly Underline[], primaryRole: Role): Canvas {
  const canvas = new Canvas()
  const roleOf = (underline: Underline): Role => (underline.primary ? primaryRole : 'label')
  for (const underline of [...underlines].sort((a, b) => Number(a.primary) - Number(b.primary))) {
    canvas.fill(0, underline.start, underline.end, underline.primary ? '^' : '-', roleOf(underline))
  }
  const hanging = underlines.filter(({ text }) => text !== '').sort((a, b) => a.start - b.start)
  const last = hanging.at(-1)
  if (last !== undefined && underlines.every(({ end }) => end <= last.end)) {
    canvas.write(0, last.end, ` ${last.text}`, roleOf(last))
    hanging.pop()
  }
  hangTexts(canvas, hanging, roleOf)
  return canvas
}

function hangTexts(canvas: Canvas, hanging: Underline[], roleOf: (underline: Underline) => Role): void {
  if (hanging.length === 0) return
  for (const { start } of hanging) canvas.fill(1, start, start + 1, '|', 'label')
  for (let row = 2; ; row++) {
    const next = hanging.pop()
    if (next === undefined) return
    for (const { start } of hanging) canvas.fill(row, start, start + 1, '|', 'label')
    canvas.write(row, next.start, next.text, roleOf(next))
  }
}

export interface SnippetOptions {
  readonly paint: DiagnosticPaint
  /** Columns of the line numbers at the left. */
  readonly gutter: number
  /** Characters of a source line to show at most. */
  readonly width: number
  readonly primaryRole: Role
}

/** The marked lines of one file, each with what is drawn below it. */
export function drawSnippet(marks: readonly Mark[], options: SnippetOptions): string[] {
  const numbers = [...new Set(marks.map(({ line }) => line))].sort((a, b) => a - b)
  const rows: string[] = []
  numbers.forEach((line, index) => {
    const gap = line - (numbers[index - 1] ?? line)
    const file = marks[0]?.file
    if (gap === 2 && file !== undefined)
      rows.push(sourceRow(line - 1, showLine(file, line - 1, 0, options.width), options))
    if (gap > 2) rows.push(options.paint('frame', '...'))
    rows.push(
      ...drawLine(
        marks.filter((mark) => mark.line === line),
        options,
      ),
    )
  })
  return rows
}

function drawLine(marks: readonly Mark[], options: SnippetOptions): string[] {
  const [first] = marks
  if (first === undefined) return []
  const shown = showLine(first.file, first.line, focusOf(marks, options.width), options.width)
  const drawn = drawUnderlines(
    marks.filter((mark) => isVisible(mark, shown)).map((mark) => place(mark, shown)),
    options.primaryRole,
  )
  const below = drawn.rows(options.paint).map((row) => framed('', row, options))
  return [sourceRow(first.line, shown, options), ...below]
}

/** Where a long line is cut: around all marks if they fit, else around the main one. */
function focusOf(marks: readonly Mark[], width: number): number {
  const start = Math.min(...marks.map((mark) => mark.start))
  const end = Math.max(...marks.map((mark) => mark.end))
  if (end - start <= width - 40) return start
  return (marks.find(({ primary }) => primary) ?? marks[0])?.start ?? start
}

/** An end of line is visible where the whole line is. */
const isVisible = (mark: Mark, shown: ShownLine): boolean => mark.start <= shown.to && mark.end > shown.from

function place(mark: Mark, shown: ShownLine): Underline {
  const start = shown.columnAt(mark.start)
  return { start, end: Math.max(start + 1, shown.columnAt(mark.end)), primary: mark.primary, text: mark.text }
}

const sourceRow = (line: number, shown: ShownLine, options: SnippetOptions): string =>
  framed(String(line), shown.text, options)

function framed(number: string, text: string, { paint, gutter }: SnippetOptions): string {
  const frame = paint('frame', `${number.padStart(gutter)} |`)
  return text === '' ? frame : `${frame} ${text}`
}

/** Columns that the largest line number needs. */
export const gutterOf = (marks: readonly Mark[]): number =>
  String(Math.max(1, ...marks.map(({ line }) => line))).length

/** Marks by file, the files in order of first appearance but `main` first. */
export function byFile(marks: readonly Mark[], main: SourceFile | undefined): Map<SourceFile, Mark[]> {
  const groups = new Map<SourceFile, Mark[]>()
  if (main !== undefined) groups.set(main, [])
  for (const mark of marks) {
    const group = groups.get(mark.file)
    if (group === undefined) groups.set(mark.file, [mark])
    else group.push(mark)
  }
  return groups
}
