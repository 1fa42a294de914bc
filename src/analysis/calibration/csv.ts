import type { SourceFile } from '../../source/source-file.ts'
import type { Span } from '../../source/span.ts'

/** One field, without its quotes, and where it stands. */
export interface Field {
  readonly text: string
  readonly span: Span
}

export interface Line {
  readonly fields: readonly Field[]
  readonly span: Span
  /** Where a quote opens that nothing closes. */
  readonly unclosed?: Span
}

/**
 * Lines of comma-separated values (RFC 4180), blank ones left out. Spaces around a field are not part of it, lines end
 * with LF or CRLF, and no field spans lines.
 */
export function* csvLines(file: SourceFile): Generator<Line> {
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
