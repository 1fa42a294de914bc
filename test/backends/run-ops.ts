import { tensor as toTensor, tidy } from '@tensorflow/tfjs-core'
import type { Weights } from '../../src/weights/weights.ts'
import type { Volume } from '../../src/backends/reference/oracles.ts'
import { runReference } from '../../src/backends/reference/run.ts'
import { capabilitiesOf } from '../../src/backends/tfjs/capabilities.ts'
import { dropAll, execute, held, type Live, prepare } from '../../src/backends/tfjs/plan.ts'
import { toDevice, toLogical } from '../../src/backends/tfjs/layout.ts'
import { planOf } from '../../src/ir/liveness.ts'
import type { Graph, ValueId } from '../../src/ir/graph.ts'
import { elements } from '../../src/ir/tensor-type.ts'

/** One array per graph input or output, [N, C, H, W] or [N, F]. */
export type Arrays = readonly Float32Array[]

const shapeOf = (graph: Graph, id: ValueId): readonly number[] => graph.values[id]?.type.shape ?? []

/** Runs a graph with any number of inputs and outputs on a tfjs backend; leaves nothing behind. */
export function runOnTfjs(
  graph: Graph,
  weights: Weights,
  inputs: Arrays,
  batch: number,
  backend: string,
): Arrays {
  const live: Live = new Map()
  const prepared = prepare(graph, weights, capabilitiesOf(backend))
  try {
    graph.inputs.forEach((id, i) => {
      live.set(
        id,
        tidy(() => toDevice(toTensor(inputs[i] ?? []), shapeOf(graph, id), batch)),
      )
    })
    execute(planOf(graph, new Set(graph.outputs)), prepared.runs, live)
    return graph.outputs.map((id) =>
      tidy(() => toLogical(held(live, id), shapeOf(graph, id)).dataSync<'float32'>()),
    )
  } finally {
    dropAll(live)
    prepared.dispose()
  }
}

/** The same by the oracle, image by image. */
export function runOnReference(graph: Graph, weights: Weights, inputs: Arrays, batch: number): Arrays {
  const images = Array.from({ length: batch }, (_, n) => {
    const own = graph.inputs.map((id, i): Volume => {
      const shape = shapeOf(graph, id)
      const size = elements({ shape })
      return { shape, data: Float64Array.from(inputs[i]?.subarray(n * size, (n + 1) * size) ?? []) }
    })
    return runReference(graph, weights, own)
  })
  return graph.outputs.map((id) =>
    Float32Array.from(images.flatMap((values) => [...(values.get(id)?.data ?? [])])),
  )
}

/** The largest difference; infinite where lengths differ or one side is not a number. */
export function difference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity
  return a.reduce((most, value, i) => {
    const off = Math.abs(value - (b[i] ?? NaN))
    return Number.isNaN(off) ? Infinity : Math.max(most, off)
  }, 0)
}
