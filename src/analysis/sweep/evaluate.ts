import { DiagnosticError, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { elaborate, type ElaborateOptions } from '../../ir/elaborate/elaborate.ts'
import type { Graph } from '../../ir/graph.ts'
import type { Program } from '../../project/load.ts'
import { DEFAULT_BATCH, type AnalysisRequest } from '../analyze.ts'
import { summarize } from '../summarize.ts'
import { outcomeOf, type Outcome } from './outcome.ts'
import { pointOptions } from './point.ts'
import type { Space } from './space.ts'

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
  return outcomeOf(summarize(graph, { ...request, batch }), batch)
}

const errorsOf = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  diagnostics.filter(({ severity }) => severity === 'error')

/** The same, where a mistake is a result as any other: designs that do not fit together are part of most spaces. */
export async function outcomeOfPoint(plan: SweepPlan, point: number): Promise<Outcome> {
  try {
    return await evaluatePoint(plan, point)
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics[0]?.code ?? 'unknown'
    throw error
  }
}
