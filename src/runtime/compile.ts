import { refuseVastTensors, type Model } from '../backends/model.ts'
import type { Graph } from '../ir/graph.ts'
import { initialWeights } from '../weights/initial-weights.ts'
import type { Weights } from '../weights/weights.ts'
import { loadNode } from './load-node.ts'
import type { TfjsDevice } from './tfjs-device.ts'

export interface CompileOptions {
  /** By parameter name, as `bindWeights` gives them; without them, random ones from `seed`. */
  readonly weights?: Weights
  readonly seed?: number
  readonly device?: TfjsDevice
}

/**
 * Puts a network on a device and returns it, ready to run: `predict` takes and gives float32 in NCHW. tfjs is
 * loaded here and not before. Throws where a parameter has no value.
 * @throws DiagnosticError E0616, E0716 for a network beyond memory
 */
export async function compile(graph: Graph, options: CompileOptions = {}): Promise<Model> {
  refuseVastTensors(graph)
  const [{ openTfjs }, { compileTfjs }] = await Promise.all([
    loadNode(),
    import('../backends/tfjs/compile.ts'),
  ])
  await openTfjs(options.device)
  return compileTfjs(graph, options.weights ?? initialWeights(graph, options.seed ?? 0))
}
