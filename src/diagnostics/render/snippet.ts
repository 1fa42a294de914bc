import type { SourceFile } from '../../source/source-file.ts'
import type { Mark } from './marks.ts'
import { showLine, type ShownLine } from './source-line.ts'
import type { Paint, Role } from './style.ts'
import { drawUnderlines, type Underline } from './underlines.ts'

export interface SnippetOptions {
  readonly paint: Paint
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
