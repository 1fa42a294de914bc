import type { Graph, ValueId } from '../../ir/graph.ts'
import { typedNodes, type TypedNode } from '../execution/types.ts'

/** A graph with the way from values to nodes. */
export interface Links {
  readonly nodes: readonly TypedNode[]
  readonly maker: ReadonlyMap<ValueId, TypedNode>
  readonly users: ReadonlyMap<ValueId, readonly TypedNode[]>
}

export function linksOf(graph: Graph): Links {
  const nodes = typedNodes(graph)
  const users = new Map<ValueId, TypedNode[]>()
  for (const typed of nodes)
    for (const id of typed.node.inputs) {
      const known = users.get(id)
      if (known === undefined) users.set(id, [typed])
      else known.push(typed)
    }
  const maker = new Map(nodes.flatMap((typed) => typed.node.outputs.map((id) => [id, typed] as const)))
  return { nodes, maker, users }
}

/** The nodes that lead to a value, last first, along first inputs: through a gate's product, not its gate. */
export function chainTo(id: ValueId, { maker }: Links, most: number): TypedNode[] {
  const chain: TypedNode[] = []
  let next = maker.get(id)
  while (next !== undefined && chain.length < most) {
    chain.push(next)
    next = maker.get(next.node.inputs[0] ?? -1)
  }
  return chain
}
