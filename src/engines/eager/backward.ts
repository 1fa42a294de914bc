import type { Graph, ValueId } from '../../ir/graph.ts'
import { activationCosts, activationNames } from '../../ir/ops/activations.ts'
import { batchNormCost } from '../../ir/ops/norms.ts'
import { totalElements } from '../../ir/ops/cost.ts'
import { backwardKernel, isInPlace, filterBackward } from '../backward.ts'
import {
  type ExecutionOptions,
  type Kernel,
  kindOfNode,
  learnedBytes,
  bytesPerElement,
  INDEX_BYTES,
  precise,
} from '../kernel.ts'
import { type TypedNode, typeOf } from '../../ir/view.ts'
import { elements } from '../../ir/tensor-type.ts'
import type { Values } from './site.ts'

/**
 * The gradients of an activated batch norm that runs as two operators: the activation's, then the norm's. `undefined`
 * for one in place, and for any other operator.
 * @param each bytes of an element
 */
function separateBackward(
  graph: Graph,
  typed: TypedNode,
  options: ExecutionOptions,
  each: number,
): Kernel[] | undefined {
  if (typed.node.op !== 'abn' || isInPlace(typed, options)) return undefined
  const size = totalElements(typed.inputs)
  const { read, written, arithmetic } = batchNormCost(typed.inputs).backward
  const name = activationNames.find((one) => one === typed.node.attributes['activation'])
  const activation =
    name === undefined
      ? []
      : [
          {
            ...backwardKernel(typed, options, `${name} backward`, 'pointwise'),
            read: 2 * size * each,
            written: size * each,
            arithmetic: activationCosts[name].backward * size,
          },
        ]
  const norm = {
    ...backwardKernel(typed, options, 'batch_norm backward', 'norm'),
    read: read * each,
    written: written * each,
    arithmetic,
    weights: learnedBytes(graph, typed.node, options),
  }
  return [...activation, norm]
}

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
