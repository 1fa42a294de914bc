import type { Graph, Node, ValueId } from '../ir/graph.ts'

/** One node, and what is dead once it has run. */
export interface Step {
  readonly node: Node
  readonly release: readonly ValueId[]
}

/**
 * The nodes in the graph's order, each with the values that nothing later needs: neither a node nor the caller,
 * who keeps `wanted`. A value that nobody uses dies where it is made. Parameters are not in it: they live with
 * the model.
 */
export function planOf(graph: Graph, wanted: ReadonlySet<ValueId>): readonly Step[] {
  const released = new Set(wanted)
  const steps = [...graph.nodes].reverse().map((node): Step => {
    const release = [...new Set([...node.inputs, ...node.outputs])].filter((value) => !released.has(value))
    for (const value of release) released.add(value)
    return { node, release }
  })
  return steps.reverse()
}
