import type { SourceFile } from '../../source/source-file.ts'
import { positionAt } from '../../source/source-file.ts'
import type { Span } from '../../source/span.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { clipMiddle, printable } from '../printable.ts'
import { lineBounds } from './source-line.ts'

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
