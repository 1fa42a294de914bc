import type { Graph, ValueId } from '../../../ir/graph.ts'
import { elements } from '../../../ir/tensor-type.ts'
import { backwardKernel, filterBackward } from '../filter-backward.ts'
import type { ExecutionOptions, Kernel } from '../kernel.ts'
import { learnedBytes } from '../learned-bytes.ts'
import { bytesPerElement, INDEX_BYTES, precise } from '../precision.ts'
import { typeOf, type TypedNode } from '../types.ts'
import { kindOfNode } from '../kinds.ts'
import { separateBackward } from './abn-backward.ts'
import type { Values } from './site.ts'

/**
 * Gradients in reverse order, as autograd walks. A filter has two kernels, for its input's gradient and its weights';
 * whatever else has one, of the operator's own cost. Where a value is used several times, its gradients are added up, a
 * kernel for each use after the first.
 */
export function backwardKernels(
  graph: Graph,
  nodes: readonly TypedNode[],
  options: ExecutionOptions,
  values: Values,
): Kernel[] {
  const seen = new Set<ValueId>(graph.inputs)
  return [...nodes]
    .reverse()
    .flatMap((typed) => [
      ...ownKernels(graph, typed, options, values),
      ...typed.node.inputs.flatMap((id) => accumulation(graph, typed, id, seen, options)),
    ])
}

function ownKernels(graph: Graph, typed: TypedNode, options: ExecutionOptions, values: Values): Kernel[] {
  const { backward } = typed.cost
  if (backward.read + backward.written === 0) return []
  const each = bytesPerElement[values.storage.get(typed.node.outputs[0] ?? -1) ?? 'fp32']
  const { kind, filter } = kindOfNode(typed)
  const separate = separateBackward(graph, typed, options, each)
  if (separate !== undefined) return separate
  if (filter !== undefined && backward.macs > 0) return filterBackward(graph, typed, options, kind, filter)
  const kernel = backwardKernel(typed, options, `${typed.node.op} backward`, kind)
  return [
    {
      ...kernel,
      macs: backward.fixedMacs,
      arithmetic: backward.arithmetic,
      read: backward.read * each + backward.indices * INDEX_BYTES,
      written: backward.written * each,
      weights: learnedBytes(graph, typed.node, options),
      ...(filter === undefined ? {} : { filter }),
    },
  ]
}

function accumulation(
  graph: Graph,
  typed: TypedNode,
  id: ValueId,
  seen: Set<ValueId>,
  options: ExecutionOptions,
): Kernel[] {
  if (graph.inputs.includes(id)) return []
  if (!seen.has(id)) {
    seen.add(id)
    return []
  }
  const size = elements(typeOf(graph, id))
  const each = bytesPerElement[precise[options.precision].filters]
  const kernel = backwardKernel(typed, options, 'add gradients', 'pointwise')
  return [{ ...kernel, read: 2 * size * each, written: size * each, arithmetic: size }]
}
