import type { Graph, ValueId } from '../ir/graph.ts'

/**
 * The value that a tap's name stands for: what a part hands on (`stem`, `layer1`), or what the last node at or
 * under a path gives (`stem.conv1`, `layer1.0`). Nothing where no part and no path is called so.
 */
export function tapValue(graph: Graph, name: string): ValueId | undefined {
  const part = graph.parts.find((part) => part.name === name)
  if (part) return part.output
  const under = `${name}.`
  const at = graph.nodes.filter(({ path }) => path === name || path.startsWith(under)).at(-1)
  return at?.outputs[0]
}

/** Every name that can be tapped, parts first. */
export function tapNames(graph: Graph): readonly string[] {
  const paths = graph.nodes.flatMap(({ path }) => {
    const segments = path.split('.')
    return segments.map((_, length) => segments.slice(0, length + 1).join('.'))
  })
  return [...new Set([...graph.parts.map((part) => part.name), ...paths])]
}
