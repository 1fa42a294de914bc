import type { Graph, ValueId } from '../../../ir/graph.ts'
import type { TypedNode } from '../types.ts'
import type { Group, Grouping } from './groups.ts'

/** The nodes that read each value, views seen through. */
export type Uses = ReadonlyMap<ValueId, readonly number[]>

export function usesOf(graph: Graph, nodes: readonly TypedNode[], { source }: Grouping): Uses {
  const uses = new Map<ValueId, number[]>()
  for (const { node, index } of nodes)
    for (const id of node.inputs) uses.set(source(id), [...(uses.get(source(id)) ?? []), index])
  for (const id of graph.outputs) uses.set(source(id), [...(uses.get(source(id)) ?? []), Infinity])
  return uses
}

/** The values of a group that others read, or the network's user. */
export function outsideValues({ members }: Group, uses: Uses): readonly ValueId[] {
  const inside = new Set(members.map(({ index }) => index))
  return members
    .flatMap(({ node }) => node.outputs)
    .filter((id) => (uses.get(id) ?? []).some((user) => !inside.has(user)))
}
