import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { LARGEST_ERROR, LARGEST_PARAMETER, LEAST_PARAMETER } from '../devices/device-schema.ts'
import type { Errors } from '../statistics.ts'
import { parameterNames, type Parameters } from '../time/parameters.ts'

/** What the rows are, for a message about them. */
export interface RowsFacts {
  readonly layout: string
  readonly rows: number
  /** The table's file. */
  readonly place: string
}

/** @throws DiagnosticError E1210 where the rows do not decide the parameters, or leave no family to hold out */
export function refuseFew({ layout, rows, place }: RowsFacts, families: number): void {
  const wanted = parameterNames.length
  if (rows >= wanted && families >= 2) return
  throw new DiagnosticError([diagnose('E1210', { path: place }, { layout, rows, families, wanted })])
}

/**
 * A device file takes what passes here.
 * @throws DiagnosticError E1211 where the times have no order, or the fit comes nowhere near them
 */
export function refuseUseless(
  { layout, rows, place }: RowsFacts,
  parameters: Parameters,
  errors: readonly Errors[],
): void {
  const fault = faultOf(parameters, errors)
  if (fault === undefined) return
  throw new DiagnosticError([diagnose('E1211', { path: place }, { layout, rows, fault })])
}

function faultOf(parameters: Parameters, errors: readonly Errors[]): 'size' | 'order' | undefined {
  const isSane = (value: number): boolean => value >= LEAST_PARAMETER && value <= LARGEST_PARAMETER
  // Also where they are NaN.
  const areNear = errors.every(({ median, p90 }) => median <= LARGEST_ERROR && p90 <= LARGEST_ERROR)
  if (!areNear || !parameterNames.every((name) => isSane(parameters[name]))) return 'size'
  return errors.some(({ spearman, kendall }) => Number.isNaN(spearman + kendall)) ? 'order' : undefined
}
