import type { Span } from '../source/span.ts'
import { catalogue, type Code, type FactsOf } from './catalogue/index.ts'
import type { Diagnostic, FilePlace, Label } from './diagnostic.ts'
import type { Entry } from './entry.ts'
import { clipMiddle } from './printable.ts'

/** Nobody reads more mistakes than this at once. */
export const MAX_DIAGNOSTICS = 100

/** Names and lists of names from hostile sources can be as long as a file; messages cannot. */
const TEXT_LIMIT = 4000
/** What a message quotes of one name in a list, and how many of them. */
const ITEM_LIMIT = 200
const LIST_LIMIT = 200

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
  const clipped = clippedFacts(facts)
  const help = extras.help ?? definition.help?.(clipped)
  return {
    code,
    severity: definition.severity ?? 'error',
    message: clipMiddle(definition.message(clipped), TEXT_LIMIT),
    ...('start' in at ? { span: at } : { place: at }),
    labels: extras.labels ?? [],
    notes: (extras.notes ?? []).map((note) => clipMiddle(note, TEXT_LIMIT)),
    ...(help === undefined ? {} : { help: clipMiddle(help, TEXT_LIMIT) }),
  }
}

/**
 * Facts no longer than a message can be. They are clipped before the message is made: a list of all names of a file,
 * written out for each of a hundred mistakes, costs more than the work that found them.
 */
function clippedFacts<Facts>(facts: Facts): Facts {
  if (typeof facts !== 'object' || facts === null) return facts
  const entries: (readonly [string, unknown])[] = Object.entries(facts)
  return Object.fromEntries(entries.map(([name, fact]) => [name, clippedFact(fact)])) as Facts
}

function clippedFact(fact: unknown): unknown {
  if (typeof fact === 'string') return clipMiddle(fact, TEXT_LIMIT)
  if (!Array.isArray(fact) || typeof fact[0] !== 'string') return fact
  const items: unknown[] = fact.slice(0, LIST_LIMIT)
  const clipped = items.map((item) => (typeof item === 'string' ? clipMiddle(item, ITEM_LIMIT) : item))
  return fact.length > LIST_LIMIT ? [...clipped, '…'] : clipped
}
