import { parseAxes } from '../../analysis/sweep/parse-axis.ts'
import type { SweepPlan } from '../../analysis/sweep/evaluate.ts'
import { spaceOf, type Sample } from '../../analysis/sweep/space.ts'
import { findSpec, type Spec } from '../../runtime/files/spec.ts'
import { requesterOf, type AnalysisOptions } from '../analysis-options.ts'
import { elaborateOptions, openProgram } from '../load-network.ts'
import type { NetworkOptions } from '../options.ts'

/** What a sweep is of, as plain data: each worker makes its plan of it. */
export interface SweepRequest {
  readonly target: string
  /** `width=0.5..2:0.1` each. */
  readonly over: readonly string[]
  readonly sample?: Sample
  readonly options: NetworkOptions & AnalysisOptions
}

/**
 * Reads all that the points share.
 * @param say is told, once, what was asked for and the engine does not do
 * @throws DiagnosticError, UsageError
 */
export async function planOf(
  request: SweepRequest,
  say: (text: string) => void,
): Promise<SweepPlan & { spec: Spec }> {
  const { target, over, sample, options } = request
  const space = spaceOf(parseAxes(over), sample)
  const requester = await requesterOf(options, say)
  const spec = findSpec(target)
  return {
    spec,
    program: openProgram(spec, options),
    options: elaborateOptions(spec, options),
    space,
    request: requester,
  }
}
