import { DEFAULT_BATCH, type AnalysisRequest, summarize } from '../analysis/analyze.ts'
import { measuresWith, type MeasuresWith } from '../analysis/measures.ts'
import { DiagnosticError, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { elaborate, type ElaborateOptions } from '../elaborate/elaborate.ts'
import type { Graph } from '../ir/graph.ts'
import type { Program } from '../project/load.ts'
import { pointOptions, type Space } from './space.ts'

/** What a sweep tells of a point, in the order of its table. */
export const sweepMeasures = measuresWith('sweep')
export type SweepKey = MeasuresWith<'sweep'>

/** The values in the order of the measures, null where there is none; or the code of the mistake that the point is. */
export type Outcome = readonly (number | null)[] | string

export const isMistake = (outcome: Outcome): outcome is string => typeof outcome === 'string'

/** What all points of a sweep share. */
export interface SweepPlan {
  readonly program: Program
  readonly options: ElaborateOptions
  readonly space: Space
  /** As which engine a graph runs, and on what. */
  readonly request: (graph: Graph) => AnalysisRequest | Promise<AnalysisRequest>
}

/**
 * What a point costs.
 * @throws DiagnosticError where it is no network, or one that cannot be counted
 */
export async function evaluatePoint(plan: SweepPlan, point: number): Promise<Outcome> {
  const { program, options, space } = plan
  const changed = pointOptions(options, space.axes, space.at(point))
  const { graph, diagnostics } = elaborate(program, changed.elaborate)
  if (graph === undefined) throw new DiagnosticError(errorsOf(diagnostics))
  const request = await plan.request(graph)
  const { batch = request.batch ?? DEFAULT_BATCH } = changed
  const totals = summarize(graph, { ...request, batch })
  return sweepMeasures.map(({ ofNetwork }) => ofNetwork(totals) ?? null)
}

const errorsOf = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  diagnostics.filter(({ severity }) => severity === 'error')

/** What a point costs, or the code of its mistake: designs that do not fit together are part of most spaces. */
export async function outcomeOfPoint(plan: SweepPlan, point: number): Promise<Outcome> {
  try {
    return await evaluatePoint(plan, point)
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics[0]?.code ?? 'unknown'
    throw error
  }
}
