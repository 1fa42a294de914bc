import type { ValueId } from '../../ir/graph.ts'
import type { Forward } from '../../ir/ops/definition.ts'
import { sum } from '../../ir/sum.ts'
import { elements } from '../../ir/tensor-type.ts'
import { allParameters, type GraphView, type TypedNode } from '../../ir/view.ts'
import {
  bytesPerElement,
  type ExecutionOptions,
  INDEX_BYTES,
  type Kernel,
  kindOfNode,
  makeKernel,
  precise,
} from '../kernel.ts'
import { backwardKernel, backwardKernels, learnedBytes } from '../training.ts'
import type { Group, Grouping } from './groups.ts'

/** What the kernels of all groups of a graph have in common. */
export interface FusedRun {
  readonly view: GraphView
  readonly options: ExecutionOptions
  readonly grouping: Grouping
}

/** The kernel that does all of a group's operators in the forward pass. */
export function forwardKernel(run: FusedRun, group: Group): Kernel {
  const { view, options } = run
  const { computes, unit, filters } = precise[options.precision]
  const each = bytesPerElement[filters]
  const { kind, filter } = kindOfNode(group.head)
  const passes = group.members.map((member) => passOf(member, options))
  const indices = options.mode === 'training' ? sum(passes.map((pass) => pass.indices)) : 0
  return makeKernel(group.members.map(({ node }) => node.op).join(' + '), kind, computes, {
    macs: passes.reduce((sum, { macs, fixedMacs }) => sum + macs + fixedMacs, 0),
    arithmetic: passes.reduce((sum, { arithmetic }) => sum + arithmetic, 0),
    unit: filter !== undefined && kind !== 'depthwise' ? unit : 'vector',
    read: readsOf(run, group) * each,
    written: writesOf(run, group) * each + indices * INDEX_BYTES,
    weights: group.members.reduce((sum, { node }) => sum + allParameters(view.graph, node), 0) * each,
    filter,
  })
}

/** Elements of the distinct values that a kernel takes from memory; of the head's, as many as it reads. */
function readsOf({ view, grouping: { source }, options }: FusedRun, { head, members, own }: Group): number {
  const seen = new Set(head.node.inputs.map(source))
  let read = sum(passOf(head, options).reads)
  if (members.length > 1) read += untouchedBy(view, head, options)
  for (const { node } of members.slice(1))
    for (const id of node.inputs.map(source)) {
      if (own.has(id) || seen.has(id)) continue
      seen.add(id)
      read += sizeOfValue(view, id)
    }
  return read
}

/**
 * Elements of what a kernel makes for others. What its head leaves as it is (a partial convolution most channels, Chen
 * et al. 2023, equation 2) stays where it is, unless something follows in the same kernel.
 */
function writesOf({ view, options }: FusedRun, { head, members, given }: Group): number {
  const size = given.reduce((sum, id) => sum + sizeOfValue(view, id), 0)
  return members.length > 1 ? size : size - untouchedBy(view, head, options)
}

function untouchedBy(view: GraphView, head: TypedNode, options: ExecutionOptions): number {
  const made = sum(passOf(head, options).writes)
  return head.node.outputs.reduce((sum, id) => sum + sizeOfValue(view, id), 0) - made
}

const passOf = ({ cost }: TypedNode, { mode }: ExecutionOptions): Forward =>
  mode === 'training' ? cost.training : cost.inference

/** The elements of a value. */
const sizeOfValue = (view: GraphView, id: ValueId): number => elements(view.typeOf(id))

/**
 * The gradients of a group's end, one kernel: it reads the gradients of what the group gave to others and what was kept, and
 * writes the gradients of the head's result and of what came from outside. Sums of gradients are part of the kernels that
 * read them.
 */
export function endKernel(run: FusedRun, { head, members, given, own }: Group): Kernel {
  const { view, options, grouping } = run
  const { source } = grouping
  const end = members.slice(1)
  const each = bytesPerElement[precise[options.precision].filters]
  const kept = new Set(end.flatMap(savedValues).map(source))
  const taken = new Set(end.flatMap(({ node }) => node.inputs.map(source)).filter((id) => !own.has(id)))
  const size = (ids: Iterable<ValueId>) => [...ids].reduce((sum, id) => sum + sizeOfValue(view, id), 0)
  const name = `${end.map(({ node }) => node.op).join(' + ')} backward`
  return backwardKernel(name, 'pointwise', options, {
    arithmetic: end.reduce((sum, typed) => sum + typed.cost.backward.arithmetic, 0),
    read: (size(given) + size(kept)) * each,
    written: (size(head.node.outputs) + size(taken)) * each,
    weights: end.reduce((sum, { node }) => sum + learnedBytes(view.graph, node, options), 0),
  })
}

/** The kernels of the head's own gradients. Positions of a max pool are not counted among what they read. */
export const headKernels = ({ view, options }: FusedRun, { head }: Group): readonly Kernel[] =>
  backwardKernels(view.graph, head, options, precise[options.precision].filters, 0)

/** The values that an operator's gradient needs. */
export function savedValues({ node, cost: { saves } }: TypedNode): ValueId[] {
  const picked = (ids: readonly ValueId[], at: readonly number[]) =>
    ids.filter((_, index) => at.includes(index))
  return [...picked(node.inputs, saves.inputs), ...picked(node.outputs, saves.outputs)]
}
