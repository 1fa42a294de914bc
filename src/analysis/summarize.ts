import type { Graph } from '../ir/graph.ts'
import { DEFAULT_BATCH, type AnalysisRequest } from './analyze.ts'
import { addKernel, countsOf, emptyAmounts, exactSum, secondsOf, type Amounts } from './counts.ts'
import { eager } from './execution/eager/eager.ts'
import type { Execution } from './execution/kernel.ts'
import { learnedParameters } from './execution/parameters.ts'
import { typedNodes } from './execution/types.ts'
import { peakBytes } from './memory/memory.ts'
import type { TimeModel } from './time/time-model.ts'

/** The totals of an analysis, under the same names. */
export interface Summary {
  readonly parameters: number
  readonly macs: number
  readonly bytes: number
  readonly kernels: number
  /** Of a step; absent where no device was asked for. */
  readonly seconds?: number
  readonly peak_memory: number
}

/**
 * What `analyze` finds as a whole, without parts and layers: for who looks at thousands of networks.
 * @throws DiagnosticError E1301 where a sum is too large to be exact
 */
export function summarize(graph: Graph, request: AnalysisRequest = {}): Summary {
  const { execution = eager(graph), batch = DEFAULT_BATCH, prediction } = request
  const total = exactSum([amountsOf(graph, execution, batch, prediction?.model)], graph.name)
  const { parameters, macs, bytes, kernels } = countsOf(total, batch)
  const peak_memory = peakBytes(graph, { options: execution.options, batch })
  const summary = { parameters, macs, bytes, kernels, peak_memory }
  return prediction === undefined ? summary : { ...summary, seconds: secondsOf(total.seconds) }
}

function amountsOf(graph: Graph, { kernels }: Execution, batch: number, model?: TimeModel): Amounts {
  const amounts = emptyAmounts()
  for (const { node, cost } of typedNodes(graph)) {
    amounts.parameters += learnedParameters(graph, node)
    amounts.macs += cost.inference.macs
    amounts.fixed_macs += cost.inference.fixedMacs
  }
  for (const kernel of kernels) addKernel(amounts, kernel, batch, model)
  return amounts
}
