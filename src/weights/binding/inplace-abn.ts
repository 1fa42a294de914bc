import type { Graph } from '../../ir/graph.ts'
import type { Checkpoint } from '../safetensors/file.ts'
import type { Wanted } from './wanted.ts'

/** What InPlaceABN adds to a scale unless the operator says otherwise. */
const DEFAULT_EPS = 1e-5

/** Whether the parameter is a scale that InPlaceABN reads in its own way. */
export const isInplaceScale = ({ node, parameter }: Wanted): boolean =>
  node.op === 'abn' && parameter.role === 'weight'

/**
 * The scale that mapillary/inplace_abn (v1.0.11) applies, in training and inference, where its checkpoint holds
 * `values`: |weight| + eps.
 */
export function inplaceScale(values: Float32Array, { node }: Wanted): Float32Array {
  const eps = typeof node.attributes['eps'] === 'number' ? node.attributes['eps'] : DEFAULT_EPS
  return values.map((value) => Math.abs(value) + eps)
}

/**
 * Whether the checkpoint may come from InPlaceABN: the network has its layers, and the file counts no batches, as
 * PyTorch's own batch norm does. Only a hint: such counters can also have been left out.
 */
export function looksLikeInplaceAbn(graph: Graph, file: Checkpoint): boolean {
  const counts = [...file.tensors.keys()].some((name) => name.endsWith('num_batches_tracked'))
  return !counts && graph.nodes.some(({ op }) => op === 'abn')
}
