import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { noteDiagnostics } from '../report-failure.ts'
import { formatOf, type FormatOptions } from './formats.ts'

/** Annotations are the whole report; with any other format the faults follow it, on stderr. */
export function reportBudgets(faults: readonly Diagnostic[], options: FormatOptions): void {
  if (formatOf(options) !== 'github') noteDiagnostics(faults)
}
