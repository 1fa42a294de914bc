import type { Graph, Node } from '../../ir/graph.ts'
import type { ParameterRole } from '../../ir/ops/definition.ts'
import { elements } from '../../ir/tensor-type.ts'
import { typeOf } from './types.ts'

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
