import type { Span } from '../source/span.ts'
import type { Code } from './catalogue/index.ts'

/** A second place that explains the first, shown under its own line. */
export interface Label {
  readonly span: Span
  readonly text: string
}

/** Where in a binary or generated file (weights, image, JSON) the fault lies. */
export interface FilePlace {
  readonly path: string
  /** Byte offset, where one is known. */
  readonly offset?: number
  /** Line and column of a text, from 1, where its source is no longer at hand. */
  readonly position?: { readonly line: number; readonly column: number }
}

/** One mistake, as data. `render.ts` turns it into text, `json.ts` into JSON. */
export interface Diagnostic {
  readonly code: Code
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** The place in `.arch` source at fault; absent when the fault lies in another kind of file. */
  readonly span?: Span
  readonly place?: FilePlace
  readonly labels: readonly Label[]
  /** How the compiler got there: the chain of blocks and stages, one sentence each. */
  readonly notes: readonly string[]
  readonly help?: string
}

/** Carries diagnostics out of functions that cannot go on without a result. */
export class DiagnosticError extends Error {
  override readonly name = 'DiagnosticError'
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((diagnostic) => `${diagnostic.code}: ${diagnostic.message}`).join('\n'))
  }
}
