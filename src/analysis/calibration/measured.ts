import { type SourceFile, createSourceFile } from '../../source/source-file.ts'
import type { Span } from '../../source/span.ts'
import { defaultExecution, type ExecutionOptions, type Precision } from '../../engines/kernel.ts'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError, type Diagnostic } from '../../diagnostics/diagnostic.ts'

/** One field, without its quotes, and where it stands. */
interface Field {
  readonly text: string
  readonly span: Span
}

interface Line {
  readonly fields: readonly Field[]
  readonly span: Span
  /** Where a quote opens that nothing closes. */
  readonly unclosed?: Span
}

/**
 * Lines of comma-separated values (RFC 4180), blank ones left out. Spaces around a field are not part of it, lines end
 * with LF or CRLF, and no field spans lines.
 */
function* csvLines(file: SourceFile): Generator<Line> {
  for (const [index, start] of file.lineStarts.entries()) {
    const next = file.lineStarts[index + 1]
    const text = file.text.slice(start, next === undefined ? undefined : next - 1)
    if (text.trim() !== '') yield lineOf(file, start, text)
  }
}

/** Nothing that archc reads has a line with more; the rest of such a line is not looked at. */
const MOST_FIELDS = 1000

function lineOf(file: SourceFile, start: number, text: string): Line {
  const fields: Field[] = []
  const span = { file, start, end: start + text.trimEnd().length }
  for (let at = 0, more = true; more;) {
    const end = endOfField(text, at)
    const raw = text.slice(at, end)
    const value = raw.trim()
    const place = placeOf(file, start + at, raw)
    const isQuoted = value.startsWith('"')
    if (isQuoted && closingQuote(value, 0) !== value.length - 1) return { fields, span, unclosed: place }
    fields.push({ text: isQuoted ? value.slice(1, -1).replaceAll('""', '"') : value, span: place })
    at = end + 1
    more = end < text.length && fields.length < MOST_FIELDS
  }
  return { fields, span }
}

/** Where the field that begins at an offset ends: before the next comma that is not within its quotes. */
function endOfField(text: string, at: number): number {
  let first = at
  while (text.charAt(first).trim() === '' && first < text.length) first++
  const quote = text.charAt(first) === '"' ? closingQuote(text, first) : -1
  const comma = text.indexOf(',', quote === -1 ? at : quote)
  return comma === -1 ? text.length : comma
}

/** The quote that closes the one at an offset, or -1; two in succession stand for one of the text. */
function closingQuote(text: string, open: number): number {
  let at = text.indexOf('"', open + 1)
  while (at !== -1 && text.charAt(at + 1) === '"') at = text.indexOf('"', at + 2)
  return at
}

/** Without the spaces around it. */
function placeOf(file: SourceFile, start: number, text: string): Span {
  const from = start + (text.length - text.trimStart().length)
  return { file, start: from, end: Math.max(from, start + text.trimEnd().length) }
}

/**
 * How the network of a measurement ran: inference, and activated batch norm in one kernel where PyTorch was of release 1.
 * In those days timm, whose tables are what is measured, took it from the inplace_abn package; since then it is batch
 * norm and an activation.
 */
export const measuredExecution = (
  { layout, pytorch }: Pick<Measured, 'layout' | 'pytorch'>,
  precision: Precision,
): ExecutionOptions => ({
  ...defaultExecution,
  layout,
  precision,
  abn: /^1(\.|$)/.test(pytorch) ? 'inplace' : 'separate',
})

/** One measurement: a line of the file. */
export interface Measured {
  /** As the user wrote it: a built-in network or the path of a spec. */
  readonly network: string
  readonly layout: ExecutionOptions['layout']
  /** PyTorch's release; empty where the file does not say. */
  readonly pytorch: string
  /** Height and width in pixels. */
  readonly imageSize: number
  readonly batch: number
  readonly imagesPerSecond: number
  /** Where the network is named, for diagnostics about it. */
  readonly span: Span
}

/** Characters; a table of 10,000 rows has about 600,000. */
export const MEASURED_TEXT_LIMIT = 4 * 1024 * 1024
/** Ranking compares every pair of rows. */
const MOST_ROWS = 10_000
/** More mistakes would hide the first ones. */
const MOST_PROBLEMS = 20
const MOST_PIXELS = 65_536

const required = ['network', 'layout', 'image_size', 'batch', 'images_per_s'] as const
type Column = (typeof required)[number] | 'pytorch'

/**
 * Reads measured throughputs: CSV with a header; columns in any order, others than these are not looked at.
 * `network,layout,image_size,batch,images_per_s` and, where it is known, `pytorch`.
 * @param path how diagnostics name the file
 * @throws DiagnosticError E1201 to E1207, the first 20
 */
export function readMeasured(text: string, path: string): readonly Measured[] {
  const file = createSourceFile(path, text.replace(/^\uFEFF/, ''))
  const whole: Span = { file, start: 0, end: 0 }
  const [header, ...lines] = boundedLines(file, whole)
  if (header === undefined || lines.length === 0) throw new DiagnosticError([diagnose('E1201', whole, {})])
  const columns = columnsOf(header)
  const problems: Diagnostic[] = []
  const rows = lines.flatMap((line) => rowOf(line, header, columns, problems) ?? [])
  if (problems.length > 0) throw new DiagnosticError(problems.slice(0, MOST_PROBLEMS))
  return rows
}

/** @throws DiagnosticError E1206 */
function boundedLines(file: SourceFile, whole: Span): readonly Line[] {
  const lines: Line[] = []
  for (const line of csvLines(file)) {
    if (lines.length > MOST_ROWS) throw new DiagnosticError([diagnose('E1206', whole, { limit: MOST_ROWS })])
    lines.push(line)
  }
  return lines
}

/** The place of each column. @throws DiagnosticError E1202 */
function columnsOf({ fields, span }: Line): ReadonlyMap<string, number> {
  const names = fields.map(({ text }) => text.toLowerCase())
  const missing = required.filter((name) => !names.includes(name))
  if (missing.length > 0) throw new DiagnosticError([diagnose('E1202', span, { missing, required })])
  return new Map(names.map((name, index) => [name, index] as const).reverse())
}

/** A line as a measurement, or `undefined` with the reasons among the problems. */
function rowOf(
  line: Line,
  header: Line,
  columns: ReadonlyMap<string, number>,
  problems: Diagnostic[],
): Measured | undefined {
  const wrong = shapeProblem(line, header)
  if (wrong !== undefined) return void problems.push(wrong)
  const before = problems.length
  const field = (column: Column): Field =>
    line.fields[columns.get(column) ?? -1] ?? { text: '', span: line.span }
  const network = field('network')
  if (network.text === '') problems.push(diagnose('E1208', network.span, {}))
  const row = {
    network: network.text,
    span: network.span,
    layout: layoutOf(field('layout'), problems),
    pytorch: field('pytorch').text,
    imageSize: wholeNumber(field('image_size'), 'image_size', MOST_PIXELS, problems),
    batch: wholeNumber(field('batch'), 'batch', 2 ** 20, problems),
    imagesPerSecond: positive(field('images_per_s'), problems),
  }
  return problems.length > before ? undefined : row
}

function shapeProblem({ fields, unclosed, span }: Line, header: Line): Diagnostic | undefined {
  if (unclosed !== undefined) return diagnose('E1205', unclosed, {})
  if (fields.length === header.fields.length) return undefined
  return diagnose('E1204', span, { has: fields.length, wanted: header.fields.length })
}

function layoutOf({ text, span }: Field, problems: Diagnostic[]): Measured['layout'] {
  const layout = text.toLowerCase()
  if (layout === 'nhwc' || layout === 'nchw') return layout
  problems.push(diagnose('E1207', span, { text }))
  return 'nhwc'
}

function wholeNumber({ text, span }: Field, column: string, most: number, problems: Diagnostic[]): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN
  if (value >= 1 && value <= most) return value
  problems.push(diagnose('E1203', span, { column, text, wanted: `a whole number from 1 to ${most}` }))
  return 1
}

/** From one image a day to more than any machine does: beyond, a unit is wrong. */
function positive({ text, span }: Field, problems: Diagnostic[]): number {
  const value = /^\+?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN
  if (value >= 1e-5 && value <= 1e9) return value
  problems.push(
    diagnose('E1203', span, { column: 'images_per_s', text, wanted: 'a number from 0.00001 to 1000000000' }),
  )
  return 1
}
