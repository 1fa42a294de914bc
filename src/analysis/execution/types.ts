import type { Graph, Node, ValueId } from '../../ir/graph.ts'
import type { Cost } from '../../ir/ops/definition.ts'
import { operatorOf } from '../../ir/ops/index.ts'
import type { TensorType } from '../../ir/tensor-type.ts'

/** A node with the types of its tensors and its cost at hand. */
export interface TypedNode {
  readonly index: number
  readonly node: Node
  readonly inputs: readonly TensorType[]
  readonly outputs: readonly TensorType[]
  readonly cost: Cost
}

/** Engines, counts and memory ask for the same nodes. */
const known = new WeakMap<Graph, readonly TypedNode[]>()

export function typedNodes(graph: Graph): readonly TypedNode[] {
  const nodes = known.get(graph) ?? graph.nodes.map((node, index) => typedNode(graph, node, index))
  known.set(graph, nodes)
  return nodes
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
