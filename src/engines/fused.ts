import { totalElements } from '../ir/ops/cost.ts'
import { operatorOf } from '../ir/ops/index.ts'
import type { WorkKind, Forward } from '../ir/ops/definition.ts'
import {
  type ExecutionOptions,
  defaultExecution,
  type Execution,
  type Kernel,
  kindOfNode,
  bytesPerElement,
  INDEX_BYTES,
  precise,
  learnedBytes,
} from './kernel.ts'
import { type TypedNode, typeOf, allParameters, GraphView } from '../ir/view.ts'
import type { Graph, ValueId } from '../ir/graph.ts'
import { elements } from '../ir/tensor-type.ts'
import { sum } from '../ir/sum.ts'
import { updateKernels } from './eager/eager.ts'
import { backwardKernel, filterBackward } from './backward.ts'

/**
 * What a fusing compiler makes of an operator:
 * - `head`: starts a kernel, in whose end others may be done
 * - `pointwise`: can be done where its input is made, element by element
 * - `reduction`: can be done where its input is made, and ends that kernel
 * - `view`: no work
 */
type Role = 'head' | 'pointwise' | 'reduction' | 'view'

const roles: Readonly<Record<WorkKind, Role>> = {
  filter: 'head',
  pointwise: 'pointwise',
  norm: 'pointwise',
  pool: 'head',
  reduction: 'reduction',
  copy: 'head',
  view: 'view',
}

/** In training a batch norm needs the statistics of the whole batch first: it starts a kernel of its own. */
function roleOf({ node, inputs, outputs }: TypedNode, { mode }: ExecutionOptions): Role {
  const { work, trainingOnly, isNorm } = operatorOf(node.op)
  if (mode === 'inference' && trainingOnly === true) return 'view'
  if (mode === 'training' && isNorm === true) return 'head'
  // Softmax keeps the shape: others may follow it.
  if (work === 'reduction' && totalElements(outputs) === totalElements(inputs)) return 'pointwise'
  return roles[work]
}

/** The nodes that read each value, views seen through. */
type Uses = ReadonlyMap<ValueId, readonly number[]>

function usesOf(graph: Graph, nodes: readonly TypedNode[], { source }: Grouping): Uses {
  const uses = new Map<ValueId, number[]>()
  for (const { node, index } of nodes)
    for (const id of node.inputs) uses.set(source(id), [...(uses.get(source(id)) ?? []), index])
  for (const id of graph.outputs) uses.set(source(id), [...(uses.get(source(id)) ?? []), Infinity])
  return uses
}

/** The values of a group that others read, or the network's user. */
function outsideValues({ members }: Group, uses: Uses): readonly ValueId[] {
  const inside = new Set(members.map(({ index }) => index))
  return members
    .flatMap(({ node }) => node.outputs)
    .filter((id) => (uses.get(id) ?? []).some((user) => !inside.has(user)))
}

/** Operators of one kernel: the one that starts it, and those done in its end, in order. */
interface Group {
  readonly head: TypedNode
  readonly members: TypedNode[]
}

/** What is known while groups grow. */
interface State {
  readonly groups: Group[]
  /** The group that makes a value, or whose head a view's source was made by. */
  readonly makers: Map<ValueId, Group>
  /** For views: the value whose memory they show. */
  readonly sources: Map<ValueId, ValueId>
}

/**
 * Partitions the nodes into kernels. A pointwise operator joins the latest kernel that makes one of its inputs, if its
 * other inputs exist before that kernel starts and its result has as many elements as that of the kernel's head (so a
 * gate of a few numbers does not swallow the map it gates).
 */
function groupsOf(graph: Graph, nodes: readonly TypedNode[], options: ExecutionOptions): Grouping {
  const state: State = { groups: [], makers: new Map(), sources: new Map() }
  for (const typed of nodes) place(graph, typed, options, state)
  return { groups: state.groups, source: (id) => state.sources.get(id) ?? id }
}

interface Grouping {
  readonly groups: readonly Group[]
  /** The value that a view shows, or the value itself. */
  readonly source: (id: ValueId) => ValueId
}

function place(graph: Graph, typed: TypedNode, options: ExecutionOptions, state: State): void {
  const role = roleOf(typed, options)
  if (role === 'view') return show(typed, state)
  const joined = role === 'head' ? undefined : groupToJoin(graph, typed, role === 'reduction', state)
  const group = joined ?? { head: typed, members: [typed] }
  if (joined === undefined) state.groups.push(group)
  else joined.members.push(typed)
  for (const output of typed.node.outputs) state.makers.set(output, group)
}

/** A view is made with its source. A part of a tensor is not the whole: what follows it does not join its maker. */
function show({ node, inputs, outputs }: TypedNode, { makers, sources }: State): void {
  const [input] = node.inputs
  if (input === undefined) return
  const maker = makers.get(input)
  const whole = outputs.length === 1 && elementsOf(outputs[0]) === elementsOf(inputs[0])
  for (const output of node.outputs) {
    sources.set(output, sources.get(input) ?? input)
    if (maker !== undefined && whole) makers.set(output, maker)
  }
}

function groupToJoin(graph: Graph, typed: TypedNode, reduces: boolean, state: State): Group | undefined {
  const candidates = typed.node.inputs
    .map((id) => state.makers.get(id))
    .filter((group) => group !== undefined)
    .sort((a, b) => b.head.index - a.head.index)
  return candidates.find((group) => canJoin(graph, typed, reduces, group, state))
}

function canJoin(graph: Graph, typed: TypedNode, reduces: boolean, group: Group, { makers }: State): boolean {
  const last = group.members.at(-1)
  if (last === undefined || (last !== group.head && isReduction(last))) return false
  if (!reduces && elementsOf(typed.outputs[0]) !== elementsOf(group.head.outputs[0])) return false
  return typed.node.inputs.every((id) => {
    const maker = makers.get(id)
    // Inputs of the network and parts of tensors have no maker: a part exists once its maker's kernel ran.
    if (maker === undefined) return !reduces || graph.inputs.includes(id)
    return maker === group || lastIndex(maker) < group.head.index
  })
}

const isReduction = (typed: TypedNode): boolean => elementsOf(typed.outputs[0]) < elementsOf(typed.inputs[0])

const lastIndex = ({ members }: Group): number => members.at(-1)?.index ?? -1

const elementsOf = (type: Parameters<typeof elements>[0] | undefined): number =>
  type === undefined ? 0 : elements(type)

/** The elements of a value. */
const sizeOfValue = (graph: Graph, id: ValueId): number => elements(typeOf(graph, id))

/**
 * A graph as a compiler that fuses runs it (TensorRT, XLA, TorchInductor): pointwise operators are done where their
 * input is made, so that only what other kernels need goes through memory. Everything is kept in the type that filters
 * compute in; at inference the weights are too.
 * @param asked what differs from `defaultExecution`
 */
export function fused(graph: Graph, asked: Partial<ExecutionOptions> = {}): Execution {
  const options = { ...defaultExecution, ...asked }
  const view = new GraphView(graph)
  const { nodes } = view
  const grouping = groupsOf(graph, nodes, options)
  const uses = usesOf(graph, nodes, grouping)
  const forward = grouping.groups.map((group) => forwardKernel(graph, group, grouping, uses, options))
  const training =
    options.mode === 'training'
      ? [...backwardKernels(graph, grouping, uses, options), ...updateKernels(graph, nodes, options)]
      : []
  return { view, engine: 'fused', options, kernels: [...forward, ...training] }
}

function forwardKernel(
  graph: Graph,
  group: Group,
  grouping: Grouping,
  uses: Uses,
  options: ExecutionOptions,
): Kernel {
  const { computes, unit, filters } = precise[options.precision]
  const each = bytesPerElement[filters]
  const { kind, filter } = kindOfNode(group.head)
  const passes = group.members.map((member) => passOf(member, options))
  const read = readsOf(graph, group, grouping, options)
  const writes = writesOf(graph, group, uses, options)
  const indices = passes.reduce((sum, pass) => sum + (options.mode === 'training' ? pass.indices : 0), 0)
  return {
    name: group.members.map(({ node }) => node.op).join(' + '),
    kind,
    node: group.head.index,
    fused: group.members.slice(1).map(({ index }) => index),
    pass: 'forward',
    macs: passes.reduce((sum, { macs, fixedMacs }) => sum + macs + fixedMacs, 0),
    arithmetic: passes.reduce((sum, { arithmetic }) => sum + arithmetic, 0),
    type: computes,
    unit: filter !== undefined && kind !== 'depthwise' ? unit : 'vector',
    read: read * each,
    written: writes * each + indices * INDEX_BYTES,
    weights: group.members.reduce((sum, { node }) => sum + allParameters(graph, node), 0) * each,
    ...(filter === undefined ? {} : { filter }),
  }
}

/** Elements of the distinct values that a kernel takes from memory; of the head's, as many as it reads. */
function readsOf(
  graph: Graph,
  { head, members }: Group,
  { source }: Grouping,
  options: ExecutionOptions,
): number {
  const own = new Set(members.flatMap(({ node }) => node.outputs))
  const { reads } = passOf(head, options)
  const seen = new Set(head.node.inputs.map(source))
  let read = sum(reads)
  if (members.length > 1) read += untouchedBy(graph, head, options)
  for (const { node } of members.slice(1))
    for (const id of node.inputs.map(source)) {
      if (own.has(id) || seen.has(id)) continue
      seen.add(id)
      read += sizeOfValue(graph, id)
    }
  return read
}

/**
 * Elements of what a kernel makes for others. What its head leaves as it is (a partial convolution most channels, Chen
 * et al. 2023, equation 2) stays where it is, unless something follows in the same kernel.
 */
function writesOf(graph: Graph, group: Group, uses: Uses, options: ExecutionOptions): number {
  const given = outsideValues(group, uses).reduce((sum, id) => sum + sizeOfValue(graph, id), 0)
  return group.members.length > 1 ? given : given - untouchedBy(graph, group.head, options)
}

function untouchedBy(graph: Graph, head: TypedNode, options: ExecutionOptions): number {
  const made = sum(passOf(head, options).writes)
  return head.node.outputs.reduce((sum, id) => sum + sizeOfValue(graph, id), 0) - made
}

const passOf = ({ cost }: TypedNode, { mode }: ExecutionOptions): Forward =>
  mode === 'training' ? cost.training : cost.inference

/**
 * Gradients in reverse order, group by group. The pointwise end of a group is one kernel: it reads the gradients of
 * what the group gave to others and what was kept, and writes the gradients of the head's result and of what came from
 * outside. Then the head has its own. Sums of gradients are part of the kernels that read them.
 */
function backwardKernels(graph: Graph, grouping: Grouping, uses: Uses, options: ExecutionOptions): Kernel[] {
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
