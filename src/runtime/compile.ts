import { backendOfDevice, runnableDevices } from '../backends/index.ts'
import { refuseVastTensors, type Model } from '../backends/model.ts'
import type { Graph } from '../ir/graph.ts'
import { initialWeights } from '../weights/initial-weights.ts'
import type { Weights } from '../weights/weights.ts'

export interface CompileOptions {
  /** By parameter name, as `bindWeights` gives them; without them, random ones from `seed`. */
  readonly weights?: Weights
  readonly seed?: number
  /** `wasm` or `cpu`. Default: `wasm`, and where that cannot start, `cpu`. */
  readonly device?: string
}

/**
 * Puts a network on a device and returns it, ready to run: `predict` takes and gives float32 in NCHW. Its backend
 * is loaded here and not before.
 * @throws Error where a parameter has no value, RangeError where no backend has the device
 * @throws DiagnosticError E0616, E0716 for a network beyond memory
 */
export async function compile(graph: Graph, options: CompileOptions = {}): Promise<Model> {
  refuseVastTensors(graph)
  const { device = runnableDevices[0] ?? '' } = options
  const backend = backendOfDevice(device)
  await backend.open(device)
  return backend.compile(graph, options.weights ?? initialWeights(graph, options.seed ?? 0))
}
