import { getKernelsForBackend, profile, tensor as toTensor, tidy } from '@tensorflow/tfjs-core'
import { capabilitiesOf } from '../../../src/backends/tfjs/capabilities.ts'
import { dropAll, execute, type Live, prepare } from '../../../src/backends/tfjs/plan.ts'
import { toDevice } from '../../../src/backends/tfjs/layout.ts'
import type { Graph } from '../../../src/ir/graph.ts'
import { planOf } from '../../../src/ir/liveness.ts'
import type { Attributes } from '../../../src/ir/ops/definition.ts'
import type { OpName } from '../../../src/ir/ops/index.ts'
import { elements, tensor } from '../../../src/ir/tensor-type.ts'
import { GraphBuilder, randomWeights } from '../graph-builder.ts'

/** A graph of one operator. */
export function graphOf(op: OpName, attributes: Attributes, inputs: readonly (readonly number[])[]): Graph {
  const builder = new GraphBuilder(inputs.map((shape) => tensor(...shape)))
  return builder.graph(builder.nodeOf(op, attributes, builder.inputs))
}

export interface ProfiledCall {
  readonly name: string
  readonly inputShapes: readonly (readonly number[])[]
  readonly outputShapes: readonly (readonly number[])[]
}

/** The kernels of tfjs that the nodes' runs really call on the active backend, by tfjs's own profile. */
export async function profiled(graph: Graph, backend: string, batch: number): Promise<ProfiledCall[]> {
  const prepared = prepare(graph, randomWeights(graph, 3), capabilitiesOf(backend))
  const live: Live = new Map()
  const registered = new Set(getKernelsForBackend(backend).map(({ kernelName }) => kernelName))
  try {
    for (const id of graph.inputs) {
      const type = graph.values[id]?.type ?? tensor()
      const values = new Float32Array(elements(type) * batch)
      live.set(
        id,
        tidy(() => toDevice(toTensor(values), type.shape, batch)),
      )
    }
    const { kernels } = await profile(() => {
      execute(planOf(graph, new Set(graph.outputs)), prepared.runs, live)
      return []
    })
    // Scopes of gradients are listed too, around the kernels within them.
    const launched = kernels.filter(({ name }) => registered.has(name))
    return launched.map(({ name, inputShapes, outputShapes }) => ({
      name,
      // tfjs lists optional inputs that are not given, as null.
      inputShapes: inputShapes.filter((shape) => (shape as number[] | null) !== null),
      outputShapes,
    }))
  } finally {
    dropAll(live)
    prepared.dispose()
  }
}
