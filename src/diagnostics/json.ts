import { positionAt } from '../source/source-file.ts'
import type { Span } from '../source/span.ts'
import type { Diagnostic } from './diagnostic.ts'

/** A stretch of source; lines and columns count from 1, columns in UTF-16 code units, the end is exclusive. */
interface JsonRange {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/** A diagnostic for programs. Every key is always there; `null` where it does not apply. */
interface JsonDiagnostic {
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly file: string | null
  readonly line: number | null
  readonly column: number | null
  readonly endLine: number | null
  readonly endColumn: number | null
  /** Byte offset of the fault in a file that is not `.arch` source. */
  readonly offset: number | null
  readonly notes: readonly string[]
  readonly help: string | null
  readonly labels: readonly (JsonRange & { readonly text: string })[]
}

/** One diagnostic as plain data, in the form that `check --json` prints. */
export function diagnosticToJson(diagnostic: Diagnostic): JsonDiagnostic {
  const { code, severity, message, span, place, notes, help, labels } = diagnostic
  return {
    code,
    severity,
    message,
    ...(span === undefined ? { ...nowhere, file: place?.path ?? null, ...place?.position } : rangeOf(span)),
    offset: place?.offset ?? null,
    notes: [...notes],
    help: help ?? null,
    labels: labels.map((label) => ({ text: label.text, ...rangeOf(label.span) })),
  }
}

const nowhere = { file: null, line: null, column: null, endLine: null, endColumn: null } as const

function rangeOf(span: Span): JsonRange {
  const start = positionAt(span.file, span.start)
  const end = positionAt(span.file, Math.max(span.start, span.end))
  return {
    file: span.file.path,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  }
}
