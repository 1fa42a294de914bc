import { type Graph, inputShape, refuseOtherDtypes } from '../ir/graph.ts'
import { addKernel, countsOf, emptyAmounts, exactSum, wholeOf, type Amounts } from './counts.ts'
import { eager } from '../engines/eager/eager.ts'
import type { Execution } from '../engines/kernel.ts'
import { peakBytes, memoryOf } from './memory/memory.ts'
import type { TimeModel } from './time/time-model.ts'
import type { Analysis } from './analysis.ts'
import { inPlaceNorms } from '../engines/backward.ts'
import { layerAnalysis, layersOf, stagesOf } from './layers.ts'
import type { Totals } from './measures.ts'
import { throughputOf, type TimePrediction } from './throughput.ts'

/**
 * What `analyze` finds of the whole network, without its parts and layers, for sweeps that look at thousands of networks.
 * @throws DiagnosticError E1301 where a sum is too large to be exact; E0816
 */
export function summarize(graph: Graph, request: AnalysisRequest = {}): Totals {
  refuseOtherDtypes(graph)
  const { execution = eager(graph), batch = DEFAULT_BATCH, prediction } = request
  const total = exactSum([amountsOf(execution, batch, prediction?.model)], graph.name)
  const whole = prediction && wholeOf(total, prediction.device)
  const peak = peakBytes(graph, { view: execution.view, options: execution.options, batch })
  return { ...countsOf(total, batch, whole), run: { batch }, memory: { peak } }
}

function amountsOf({ view, kernels }: Execution, batch: number, model?: TimeModel): Amounts {
  const amounts = emptyAmounts()
  for (const typed of view.nodes) {
    const { cost } = typed
    amounts.parameters += view.ownParameters(typed)
    amounts.macs += cost.inference.macs
    amounts.fixed_macs += cost.inference.fixedMacs
  }
  for (const kernel of kernels) addKernel(amounts, kernel, batch, model)
  return amounts
}

export interface AnalysisRequest {
  /** The kernels to count; default: eager PyTorch, inference in mixed precision. */
  readonly execution?: Execution
  /** Images a step, at least 1; default: 256, as throughput is usually measured. */
  readonly batch?: number
  /** What predicts times; absent: no times. */
  readonly prediction?: TimePrediction
}

export const DEFAULT_BATCH = 256

/**
 * Counts what a network costs, per layer, per part and in total: parameters, multiply-accumulates, other arithmetic,
 * bytes moved, memory held, and where a device is given, time. A part's amounts are the sum over its layers, the
 * network's over its parts.
 * @throws DiagnosticError E1301 where a sum is too large to be exact; E0816
 */
export function analyze(graph: Graph, request: AnalysisRequest = {}): Analysis {
  refuseOtherDtypes(graph)
  const { execution = eager(graph), batch = DEFAULT_BATCH, prediction } = request
  const layers = layersOf(execution, batch, prediction?.model)
  const total = exactSum(
    layers.map(({ amounts }) => amounts),
    graph.name,
  )
  const whole = prediction && wholeOf(total, prediction.device)
  const buffers = execution.view.heldParameters.filter(({ isLearned }) => !isLearned)
  const { view, engine, options } = execution
  const norms = inPlaceNorms(view, options)
  return {
    network: graph.name,
    input: inputShape(graph),
    ...countsOf(total, batch, whole),
    buffer_elements: buffers.reduce((sum, { elements }) => sum + elements, 0),
    run: { engine, ...options, batch, ...(norms === undefined ? {} : { abn_in_place: norms }) },
    ...(prediction === undefined || whole === undefined
      ? {}
      : {
          throughput: throughputOf(execution, batch, prediction, {
            seconds: whole.seconds,
            input: inputShape(graph),
          }),
        }),
    memory: memoryOf(graph, {
      view,
      options,
      batch,
      ...(prediction === undefined ? {} : { device: prediction.device }),
    }),
    stages: stagesOf(graph, layers, batch, whole),
    layers: layers.map((layer) => layerAnalysis(layer, batch, whole, graph.parts[0]?.location.file)),
  }
}
