import type { Code, FactsOf } from '../../diagnostics/catalogue/index.ts'
import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Diagnostic, FilePlace } from '../../diagnostics/diagnostic.ts'

/** Something wrong with a graph; it becomes a diagnostic when it is known which file the graph is from. */
export type Fault = (place: FilePlace) => Diagnostic

export type Faults = Iterable<Fault>

export const fault =
  <C extends Code>(code: C, facts: FactsOf<C>): Fault =>
  (place) =>
    diagnose(code, place, facts)
