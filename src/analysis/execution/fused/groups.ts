import type { Graph, ValueId } from '../../../ir/graph.ts'
import { elements } from '../../../ir/tensor-type.ts'
import type { ExecutionOptions } from '../kernel.ts'
import { typeOf, type TypedNode } from '../types.ts'
import { roleOf } from './roles.ts'

/** Operators of one kernel: the one that starts it, and those done in its end, in order. */
export interface Group {
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
export function groupsOf(graph: Graph, nodes: readonly TypedNode[], options: ExecutionOptions): Grouping {
  const state: State = { groups: [], makers: new Map(), sources: new Map() }
  for (const typed of nodes) place(graph, typed, options, state)
  return { groups: state.groups, source: (id) => state.sources.get(id) ?? id }
}

export interface Grouping {
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
export const sizeOfValue = (graph: Graph, id: ValueId): number => elements(typeOf(graph, id))
