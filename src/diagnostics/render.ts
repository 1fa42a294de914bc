import { positionAt, type SourceFile } from '../source/source-file.ts'
import type { Diagnostic } from './diagnostic.ts'
import { clipMiddle, printable } from './printable.ts'
import {
  byFile,
  drawSnippet,
  gutterOf,
  marksOf,
  painter,
  type DiagnosticPaint,
  type Mark,
  type SnippetOptions,
} from './snippet.ts'

interface RenderOptions {
  /** Whether to colour with ANSI sequences; default: no. */
  readonly color?: boolean
  /** Characters of a source line to show at most; default: 120. */
  readonly width?: number
}

const TEXT_LIMIT = 4000

/**
 * One diagnostic as text for people, in the manner of rustc, without a newline at the end. Whatever comes from
 * source or file names is made harmless first: no control character of theirs reaches the terminal.
 */
export function renderDiagnostic(diagnostic: Diagnostic, options: RenderOptions = {}): string {
  const paint = painter(options.color ?? false)
  const marks = marksOf(diagnostic)
  const gutter = gutterOf(marks)
  const width = Math.max(60, options.width ?? 120)
  const snippet = { paint, gutter, width, primaryRole: diagnostic.severity }
  return [
    headline(diagnostic, paint),
    ...placeLine(diagnostic, gutter, paint),
    ...sourceLines(diagnostic, marks, snippet),
    ...diagnostic.notes.flatMap((note) => remark(note, gutter, paint)),
    ...(diagnostic.help === undefined ? [] : remark(`help: ${diagnostic.help}`, gutter, paint)),
  ].join('\n')
}

/** All of them, an empty line between, and their number at the end. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions = {}): string {
  if (diagnostics.length === 0) return ''
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const counts = [counted(errors, 'error'), counted(diagnostics.length - errors, 'warning')]
  const summary = counts.filter((count) => count !== '').join(', ')
  return [...diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, options)), summary].join('\n\n')
}

const counted = (count: number, noun: string): string =>
  count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`

function headline({ severity, code, message }: Diagnostic, paint: DiagnosticPaint): string {
  return `${paint(severity, `${severity}[${code}]`)}${paint('strong', `: ${safeLines(message).join('\n  ')}`)}`
}

function placeLine({ span, place }: Diagnostic, gutter: number, paint: DiagnosticPaint): string[] {
  if (span !== undefined) return [locationLine('-->', span.file, span.start, gutter, paint)]
  if (place === undefined) return []
  const { offset, position } = place
  const where = position
    ? `:${position.line}:${position.column}`
    : offset === undefined
      ? ''
      : ` (byte ${offset})`
  return [`${' '.repeat(gutter)}${paint('frame', '-->')} ${printable(place.path)}${where}`]
}

function locationLine(
  arrow: string,
  file: SourceFile,
  offset: number,
  gutter: number,
  paint: DiagnosticPaint,
): string {
  const { line, column } = positionAt(file, offset)
  return `${' '.repeat(gutter)}${paint('frame', arrow)} ${printable(file.path)}:${line}:${column}`
}

function sourceLines(diagnostic: Diagnostic, marks: readonly Mark[], options: SnippetOptions): string[] {
  const empty = options.paint('frame', `${' '.repeat(options.gutter)} |`)
  const main = diagnostic.span?.file
  return [...byFile(marks, main)].flatMap(([file, group]) => {
    const rows = [empty, ...drawSnippet(group, options)]
    return file === main ? rows : [foreignLine(file, group, options), ...rows]
  })
}

/** The heading of a file other than the main one. */
function foreignLine(file: SourceFile, group: readonly Mark[], { gutter, paint }: SnippetOptions): string {
  const [first] = group
  const offset = (file.lineStarts[(first?.line ?? 1) - 1] ?? 0) + (first?.start ?? 0)
  return locationLine(':::', file, offset, gutter, paint)
}

/** `= note`, its further lines indented below. */
function remark(text: string, gutter: number, paint: DiagnosticPaint): string[] {
  const margin = ' '.repeat(gutter + 1)
  return safeLines(text).map((line, index) =>
    index === 0 ? `${margin}${paint('frame', '=')} ${line}` : `${margin}  ${line}`,
  )
}

/** A further line may have come with a name: at its start, `::` and `##[` would command whoever runs a workflow on GitHub. */
const safeLines = (text: string): string[] =>
  clipMiddle(text, TEXT_LIMIT)
    .split('\n')
    .map((line) => printable(line).replace(/^(?=\s*(?:::|##\[))/, '|'))
