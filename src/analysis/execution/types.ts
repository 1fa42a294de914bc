import type { Graph, Node, ValueId } from '../../ir/graph.ts'
import type { TensorType } from '../../ir/tensor-type.ts'

/** A node with the types of its tensors at hand. */
export interface TypedNode {
  readonly index: number
  readonly node: Node
  readonly inputs: readonly TensorType[]
  readonly outputs: readonly TensorType[]
}

export function typedNodes(graph: Graph): readonly TypedNode[] {
  const types = (ids: readonly ValueId[]): TensorType[] => ids.map((id) => typeOf(graph, id))
  return graph.nodes.map((node, index) => ({
    index,
    node,
    inputs: types(node.inputs),
    outputs: types(node.outputs),
  }))
}

export function typeOf(graph: Graph, id: ValueId): TensorType {
  const value = graph.values[id]
  if (value === undefined) throw new Error(`value ${id} is not of this graph`)
  return value.type
}
