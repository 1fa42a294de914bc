import type { Graph, Node, ValueId } from '../ir/graph.ts'
import type { Cost, ParameterRole } from '../ir/ops/definition.ts'
import { operatorOf } from '../ir/ops/index.ts'
import { type TensorType, elements } from '../ir/tensor-type.ts'

/** A node with the types of its tensors and its cost at hand. */
export interface TypedNode {
  readonly index: number
  readonly node: Node
  readonly inputs: readonly TensorType[]
  readonly outputs: readonly TensorType[]
  readonly cost: Cost
}

/**
 * Of the last graph: engines, counts and memory ask for the same nodes one after the other. Not a weak map, which keeps what
 * it holds from being collected early: of the thousand graphs of a sweep, each once.
 */
let last: { readonly graph: Graph; readonly nodes: readonly TypedNode[] } | undefined

export function typedNodes(graph: Graph): readonly TypedNode[] {
  if (last?.graph !== graph)
    last = { graph, nodes: graph.nodes.map((node, index) => typedNode(graph, node, index)) }
  return last.nodes
}

function typedNode(graph: Graph, node: Node, index: number): TypedNode {
  const inputs = node.inputs.map((id) => typeOf(graph, id))
  const outputs = node.outputs.map((id) => typeOf(graph, id))
  return { index, node, inputs, outputs, cost: operatorOf(node.op).cost(node.attributes, inputs, outputs) }
}

export function typeOf(graph: Graph, id: ValueId): TensorType {
  const value = graph.values[id]
  if (value === undefined) throw new Error(`value ${id} is not of this graph`)
  return value.type
}

/** Every role, and whether training learns what has it. */
const learned: Readonly<Record<ParameterRole, boolean>> = {
  weight: true,
  bias: true,
  running_mean: false,
  running_var: false,
}
const roles = Object.keys(learned) as readonly ParameterRole[]

/** Elements of one of a node's parameters or buffers; 0 where it has none of that role. */
export function parameterElements(graph: Graph, { parameters }: Node, role: ParameterRole): number {
  const id = parameters[role]
  return id === undefined ? 0 : elements(typeOf(graph, id))
}

/** Of all of a node's parameters and buffers together. */
export function allParameters(graph: Graph, node: Node): number {
  let sum = 0
  for (const role of roles) sum += parameterElements(graph, node, role)
  return sum
}

/** Of those that training learns. */
export function learnedParameters(graph: Graph, node: Node): number {
  let sum = 0
  for (const role of roles) if (learned[role]) sum += parameterElements(graph, node, role)
  return sum
}
