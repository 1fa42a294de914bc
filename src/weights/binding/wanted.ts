import type { Graph, Node, Parameter, ValueId } from '../../ir/graph.ts'
import { Naming, type NameMap } from '../names/name-map.ts'

/** A parameter of the graph, and what a checkpoint calls it. */
export interface Wanted {
  readonly parameter: Parameter
  readonly node: Node
  readonly shape: readonly number[]
  /** Of what enters the operator: [C, H, W], or [C]. */
  readonly input: readonly number[]
  /** The official name. */
  readonly key: string
}

/**
 * Every parameter that some operator uses, in the graph's order.
 * @throws DiagnosticError E0652
 */
export function wantedTensors(graph: Graph, names: NameMap): readonly Wanted[] {
  const users = usersOfParameters(graph)
  const naming = new Naming(names)
  const shapeOf = (value: ValueId | undefined) =>
    value === undefined ? [] : (graph.values[value]?.type.shape ?? [])
  return graph.parameters.flatMap((parameter) => {
    const node = users.get(parameter.value)
    if (node === undefined) return []
    const path = parameter.name.slice(0, -(parameter.role.length + 1))
    const key = naming.officialName(path, parameter.role)
    return [{ parameter, node, shape: shapeOf(parameter.value), input: shapeOf(node.inputs[0]), key }]
  })
}

function usersOfParameters(graph: Graph): ReadonlyMap<ValueId, Node> {
  const users = new Map<ValueId, Node>()
  for (const node of graph.nodes)
    for (const value of Object.values(node.parameters)) if (!users.has(value)) users.set(value, node)
  return users
}
