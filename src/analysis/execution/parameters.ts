import type { Graph, Node } from '../../ir/graph.ts'
import type { ParameterRole } from '../../ir/ops/definition.ts'
import { elements } from '../../ir/tensor-type.ts'
import { typeOf } from './types.ts'

/** Elements of a node's parameters and buffers, by role. */
export function parameterElements(graph: Graph, node: Node): ReadonlyMap<ParameterRole, number> {
  const entries = Object.entries(node.parameters) as [ParameterRole, number][]
  return new Map(entries.map(([role, id]) => [role, elements(typeOf(graph, id))]))
}

/** All of them together. */
export const allParameters = (graph: Graph, node: Node): number =>
  [...parameterElements(graph, node).values()].reduce((sum, one) => sum + one, 0)
