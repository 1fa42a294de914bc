import { positionAt, type SourceFile } from './source-file.ts'

/** A stretch of a source file: `start` is inclusive, `end` exclusive, both UTF-16 offsets. */
export interface Span {
  readonly file: SourceFile
  readonly start: number
  readonly end: number
}

/** A span as plain data, for the IR, JSON and anything that outlives the source text. */
export interface Location {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** The smallest span that covers both; they must lie in the same file. */
export function spanning(first: Span, last: Span): Span {
  return { file: first.file, start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) }
}

/** The place where a span begins. The same span gives the same object. */
export function locationOf(span: Span): Location {
  let location = locations.get(span)
  if (location === undefined) {
    location = { file: span.file.path, ...positionAt(span.file, span.start) }
    locations.set(span, location)
  }
  return location
}

/** Unrolling asks for the same spans again and again. */
const locations = new WeakMap<Span, Location>()
