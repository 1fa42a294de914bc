import { type Graph, inputShape, refuseOtherDtypes } from '../ir/graph.ts'
import { addKernel, countsOf, emptyTally, exactSum, wholeOf, type Tally } from './counts.ts'
import { eager } from '../engines/eager/eager.ts'
import type { Schedule } from '../engines/schedule.ts'
import { peakBytes, memoryOf } from './memory/memory.ts'
import type { Analysis } from './analysis.ts'
import { inPlaceNorms } from '../engines/eager/lowerings.ts'
import { layerAnalysis, layersOf, stagesOf } from './layers.ts'
import type { Totals } from './measures.ts'
import type { TimeModel } from './time/time-model.ts'
import { throughputOf, type TimePrediction } from './throughput.ts'

/**
 * What `analyze` finds of the whole network, without its parts and layers, for sweeps that look at thousands of networks.
 * @throws DiagnosticError E1301 where a sum is too large to be exact; E0816
 */
export function summarize(graph: Graph, request: AnalysisRequest = {}): Totals {
  refuseOtherDtypes(graph)
  const { execution = eager(graph), batch = DEFAULT_BATCH, prediction } = request
  const total = exactSum([tallyOf(execution, batch, prediction?.model)], graph.name)
  const whole = prediction && wholeOf(total, prediction.device)
  const peak = peakBytes(execution, { batch })
  return { ...countsOf(total, batch, whole), run: { batch }, memory: { peak } }
}

function tallyOf({ view, calls }: Schedule, batch: number, model?: TimeModel): Tally {
  const tally = emptyTally()
  for (const typed of view.nodes) {
    const { cost } = typed
    tally.parameters += view.ownParameters(typed)
    tally.macs += cost.inference.macs
    tally.fixed_macs += cost.inference.fixedMacs
  }
  for (const { kernels } of calls) for (const kernel of kernels) addKernel(tally, kernel, batch, model)
  return tally
}

export interface AnalysisRequest {
  /** The step to count; default: eager PyTorch, inference in mixed precision. */
  readonly execution?: Schedule
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
    layers.map(({ tally }) => tally),
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
    memory: memoryOf(execution, {
      batch,
      ...(prediction === undefined ? {} : { device: prediction.device }),
    }),
    stages: stagesOf(graph, layers, batch, whole),
    layers: layers.map((layer) => layerAnalysis(layer, batch, whole, graph.parts[0]?.location.file)),
  }
}
