import type { Graph, ValueId } from '../../../ir/graph.ts'
import type { ExecutionOptions, Kernel } from '../kernel.ts'
import { backwardKernel, filterBackward } from '../filter-backward.ts'
import { kindOfNode } from '../kinds.ts'
import { learnedBytes } from '../learned-bytes.ts'
import { bytesPerElement, precise } from '../precision.ts'
import type { TypedNode } from '../types.ts'
import { outsideValues, type Uses } from './uses.ts'
import { sizeOfValue, type Group, type Grouping } from './groups.ts'

/**
 * Gradients in reverse order, group by group. The pointwise end of a group is one kernel: it reads the gradients of
 * what the group gave to others and what was kept, and writes the gradients of the head's result and of what came from
 * outside. Then the head has its own. Sums of gradients are part of the kernels that read them.
 */
export function backwardKernels(
  graph: Graph,
  grouping: Grouping,
  uses: Uses,
  options: ExecutionOptions,
): Kernel[] {
  return [...grouping.groups]
    .reverse()
    .flatMap((group) => [
      ...endKernel(graph, group, grouping, uses, options),
      ...headKernels(graph, group.head, options),
    ])
}

function endKernel(
  graph: Graph,
  { head, members }: Group,
  { source }: Grouping,
  uses: Uses,
  options: ExecutionOptions,
): Kernel[] {
  const end = members.slice(1)
  if (end.length === 0) return []
  const each = bytesPerElement[precise[options.precision].filters]
  const kept = new Set(end.flatMap((typed) => savedValues(typed)).map(source))
  const given = outsideValues({ head, members }, uses)
  const own = new Set(members.flatMap(({ node }) => node.outputs))
  const taken = new Set(end.flatMap(({ node }) => node.inputs.map(source)).filter((id) => !own.has(id)))
  const size = (ids: Iterable<ValueId>) => [...ids].reduce((sum, id) => sum + sizeOfValue(graph, id), 0)
  return [
    {
      ...backwardKernel(head, options, `${end.map(({ node }) => node.op).join(' + ')} backward`, 'pointwise'),
      fused: end.map(({ index }) => index),
      arithmetic: end.reduce((sum, typed) => sum + typed.cost.backward.arithmetic, 0),
      read: (size(given) + size(kept)) * each,
      written: (size(head.node.outputs) + size(taken)) * each,
      weights: end.reduce((sum, { node }) => sum + learnedBytes(graph, node, options), 0),
    },
  ]
}

function headKernels(graph: Graph, head: TypedNode, options: ExecutionOptions): Kernel[] {
  const { backward } = head.cost
  if (backward.read + backward.written === 0) return []
  const { kind, filter } = kindOfNode(head)
  if (filter !== undefined && backward.macs > 0) return filterBackward(graph, head, options, kind, filter)
  const each = bytesPerElement[precise[options.precision].filters]
  return [
    {
      ...backwardKernel(head, options, `${head.node.op} backward`, kind),
      macs: backward.fixedMacs,
      arithmetic: backward.arithmetic,
      read: backward.read * each,
      written: backward.written * each,
      weights: learnedBytes(graph, head.node, options),
      ...(filter === undefined ? {} : { filter }),
    },
  ]
}

function savedValues(typed: TypedNode): ValueId[] {
  const { saves } = typed.cost
  const picked = (ids: readonly ValueId[], at: readonly number[]) =>
    ids.filter((_, index) => at.includes(index))
  return [...picked(typed.node.inputs, saves.inputs), ...picked(typed.node.outputs, saves.outputs)]
}
