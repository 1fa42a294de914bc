import type { Span } from '../source/span.ts'
import { catalogue, type Code, type FactsOf } from './catalogue/index.ts'
import type { Diagnostic, FilePlace, Label } from './diagnostic.ts'
import type { Entry } from './entry.ts'
import { clipMiddle } from './printable.ts'

/** Names and lists of names from hostile sources can be as long as a file; messages cannot. */
const TEXT_LIMIT = 4000

export interface DiagnosticExtras {
  readonly labels?: readonly Label[]
  readonly notes?: readonly string[]
  /** Replaces the catalogue's help where the site knows a better repair. */
  readonly help?: string | undefined
}

/** Builds a diagnostic at a span of source, or at a place in another file. */
export function diagnose<C extends Code>(
  code: C,
  at: Span | FilePlace,
  facts: FactsOf<C>,
  extras: DiagnosticExtras = {},
): Diagnostic {
  const definition = catalogue[code] as unknown as Entry<FactsOf<C>>
  const help = extras.help ?? definition.help?.(facts)
  return {
    code,
    severity: definition.severity ?? 'error',
    message: clipMiddle(definition.message(facts), TEXT_LIMIT),
    ...('start' in at ? { span: at } : { place: at }),
    labels: extras.labels ?? [],
    notes: (extras.notes ?? []).map((note) => clipMiddle(note, TEXT_LIMIT)),
    ...(help === undefined ? {} : { help: clipMiddle(help, TEXT_LIMIT) }),
  }
}
