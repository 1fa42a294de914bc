import type { ValueId } from '../../ir/graph.ts'
import { totalElements } from '../../ir/ops/cost.ts'
import type { WorkKind } from '../../ir/ops/definition.ts'
import { operatorOf } from '../../ir/ops/index.ts'
import { elements, type TensorType } from '../../ir/tensor-type.ts'
import type { GraphView, TypedNode } from '../../ir/view.ts'
import type { ExecutionOptions } from '../kernel.ts'

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
export function roleOf({ node, inputs, outputs }: TypedNode, { mode }: ExecutionOptions): Role {
  const { work, trainingOnly, isNorm } = operatorOf(node.op)
  if (mode === 'inference' && trainingOnly === true) return 'view'
  if (mode === 'training' && isNorm === true) return 'head'
  // Softmax keeps the shape: others may follow it.
  if (work === 'reduction' && totalElements(outputs) === totalElements(inputs)) return 'pointwise'
  return roles[work]
}

/** Operators of one kernel: the one that starts it, and those done in its end, in order. */
export interface Group {
  readonly head: TypedNode
  /** With the head, which comes first. */
  readonly members: readonly TypedNode[]
  /** The values that others read, or the network's user. */
  readonly given: readonly ValueId[]
  /** All values that its members make. */
  readonly own: ReadonlySet<ValueId>
}

export interface Grouping {
  readonly groups: readonly Group[]
  /** The value whose memory a view shows, or the value itself. */
  readonly source: (id: ValueId) => ValueId
  /** The nodes that read each value, views seen through; Infinity stands for the network's user. */
  readonly uses: ReadonlyMap<ValueId, readonly number[]>
}

/**
 * Partitions the nodes into kernels. A pointwise operator joins the latest kernel that makes one of its inputs, if its
 * other inputs exist before that kernel starts and its result has as many elements as that of the kernel's head (so a
 * gate of a few numbers does not swallow the map it gates).
 */
export function groupsOf(view: GraphView, options: ExecutionOptions): Grouping {
  const state: State = {
    inputs: new Set(view.graph.inputs),
    groups: [],
    makers: new Map(),
    sources: new Map(),
  }
  for (const typed of view.nodes) place(typed, options, state)
  const source = (id: ValueId): ValueId => state.sources.get(id) ?? id
  const uses = usesOf(view, source)
  return { groups: state.groups.map((group) => finished(group, uses)), source, uses }
}

function usesOf({ graph, nodes }: GraphView, source: Grouping['source']): Map<ValueId, number[]> {
  const uses = new Map<ValueId, number[]>()
  const note = (id: ValueId, user: number): void => {
    const known = uses.get(source(id))
    if (known === undefined) uses.set(source(id), [user])
    else known.push(user)
  }
  for (const { node, index } of nodes) for (const id of node.inputs) note(id, index)
  for (const id of graph.outputs) note(id, Infinity)
  return uses
}

function finished({ head, members }: GrowingGroup, uses: Grouping['uses']): Group {
  const inside = new Set(members.map(({ index }) => index))
  const own = new Set<ValueId>()
  const given: ValueId[] = []
  for (const { node } of members)
    for (const id of node.outputs) {
      own.add(id)
      if (uses.get(id)?.some((user) => !inside.has(user)) === true) given.push(id)
    }
  return { head, members, given, own }
}

interface GrowingGroup {
  readonly head: TypedNode
  readonly members: TypedNode[]
}

/** What is known while groups grow. */
interface State {
  readonly inputs: ReadonlySet<ValueId>
  readonly groups: GrowingGroup[]
  /** The group that makes a value, or whose head a view's source was made by. */
  readonly makers: Map<ValueId, GrowingGroup>
  /** For views: the value whose memory they show. */
  readonly sources: Map<ValueId, ValueId>
}

function place(typed: TypedNode, options: ExecutionOptions, state: State): void {
  const role = roleOf(typed, options)
  if (role === 'view') return show(typed, state)
  const joined = role === 'head' ? undefined : groupToJoin(typed, role === 'reduction', state)
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

function groupToJoin(typed: TypedNode, reduces: boolean, state: State): GrowingGroup | undefined {
  const candidates = typed.node.inputs
    .map((id) => state.makers.get(id))
    .filter((group) => group !== undefined)
    .sort((a, b) => b.head.index - a.head.index)
  return candidates.find((group) => canJoin(typed, reduces, group, state))
}

function canJoin(
  typed: TypedNode,
  reduces: boolean,
  group: GrowingGroup,
  { inputs, makers }: State,
): boolean {
  const last = group.members.at(-1)
  if (last === undefined || (last !== group.head && isReduction(last))) return false
  if (!reduces && elementsOf(typed.outputs[0]) !== elementsOf(group.head.outputs[0])) return false
  return typed.node.inputs.every((id) => {
    const maker = makers.get(id)
    // Inputs of the network and parts of tensors have no maker: a part exists once its maker's kernel ran.
    if (maker === undefined) return !reduces || inputs.has(id)
    return maker === group || lastIndex(maker) < group.head.index
  })
}

const isReduction = (typed: TypedNode): boolean => elementsOf(typed.outputs[0]) < elementsOf(typed.inputs[0])

const lastIndex = ({ members }: GrowingGroup): number => members.at(-1)?.index ?? -1

const elementsOf = (type: TensorType | undefined): number => (type === undefined ? 0 : elements(type))
