import type { Graph } from '../ir/graph.ts'
import { inputShape } from '../ir/input-shape.ts'
import { elements } from '../ir/tensor-type.ts'
import type { Analysis } from './analysis.ts'
import { countsOf, exactSum, secondsOf } from './counts.ts'
import { eager } from './execution/eager/eager.ts'
import { inPlaceNorms } from './execution/in-place.ts'
import type { Execution } from './execution/kernel.ts'
import { typeOf } from './execution/types.ts'
import { layerAnalysis, layersOf } from './layers.ts'
import { memoryOf } from './memory/memory.ts'
import { stagesOf } from './stages.ts'
import { throughputOf, type Prediction } from './throughput.ts'

export interface AnalysisRequest {
  /** The kernels to count; default: eager PyTorch, inference in mixed precision. */
  readonly execution?: Execution
  /** Images a step, at least 1; default: 256, as throughput is usually measured. */
  readonly batch?: number
  /** What predicts times; absent: no times. */
  readonly prediction?: Prediction
}

export const DEFAULT_BATCH = 256

/**
 * Counts what a network costs, per layer, per part and in total: parameters, multiply-accumulates, other arithmetic,
 * bytes moved, memory held, and where a device is given, time. A part's amounts are the sum over its layers, the
 * network's over its parts.
 * @throws DiagnosticError E1301 where a sum is too large to be exact
 */
export function analyze(graph: Graph, request: AnalysisRequest = {}): Analysis {
  const { execution = eager(graph), batch = DEFAULT_BATCH, prediction } = request
  const layers = layersOf(graph, execution, batch, prediction?.model)
  const total = exactSum(
    layers.map(({ amounts }) => amounts),
    graph.name,
  )
  const whole = prediction === undefined ? undefined : secondsOf(total.seconds)
  const buffers = graph.parameters.filter(({ trainable }) => !trainable)
  const { engine, options } = execution
  const norms = inPlaceNorms(graph, options)
  return {
    network: graph.name,
    input: inputShape(graph),
    ...countsOf(total, batch, whole),
    buffer_elements: buffers.reduce((sum, { value }) => sum + elements(typeOf(graph, value)), 0),
    run: { engine, ...options, batch, ...(norms === undefined ? {} : { abn_in_place: norms }) },
    ...(prediction === undefined || whole === undefined
      ? {}
      : {
          throughput: throughputOf(execution, batch, prediction, {
            seconds: whole,
            input: inputShape(graph),
          }),
        }),
    memory: memoryOf(graph, {
      options,
      batch,
      ...(prediction === undefined ? {} : { device: prediction.device }),
    }),
    stages: stagesOf(graph, layers, batch, whole),
    layers: layers.map((layer) => layerAnalysis(layer, batch, whole, graph.parts[0]?.location.file)),
  }
}
