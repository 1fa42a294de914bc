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
/** A quoted field, or anything without a comma. */
const FIELD = /\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(,|$)/y

function lineOf(file: SourceFile, start: number, text: string): Line {
  const fields: Field[] = []
  const span = { file, start, end: start + text.trimEnd().length }
  for (let at = 0, more = true; more;) {
    FIELD.lastIndex = at
    // The second form takes anything up to a comma, so that there always is a match.
    const [all = '', quoted, bare = '', comma = ''] = FIELD.exec(text) ?? []
    const place = placeOf(file, start + at, all.slice(0, all.length - comma.length))
    if (quoted === undefined && bare.startsWith('"')) return { fields, span, unclosed: place }
    fields.push({ text: quoted?.replaceAll('""', '"') ?? bare.trim(), span: place })
    at += all.length
    more = comma !== '' && fields.length < MOST_FIELDS
  }
  return { fields, span }
}

/** Without the spaces around it. */
function placeOf(file: SourceFile, start: number, text: string): Span {
  const from = start + (text.length - text.trimStart().length)
  return { file, start: from, end: Math.max(from, start + text.trimEnd().length) }
}
