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
