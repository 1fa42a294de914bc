import type { Graph } from '../graph.ts'
import { fault, type Faults } from './fault.ts'

/** Names that must differ, and parts that must exist. */
export function* nameFaults(graph: Graph): Faults {
  yield* duplicates(
    'operator',
    '/nodes',
    'path',
    graph.nodes.map(({ path }) => path),
  )
  yield* duplicates(
    'parameter',
    '/parameters',
    'name',
    graph.parameters.map(({ name }) => name),
  )
  yield* duplicates(
    'part',
    '/parts',
    'name',
    graph.parts.map(({ name }) => name),
  )
  const parts = new Set(graph.parts.map(({ name }) => name))
  for (const [index, { provenance }] of graph.nodes.entries())
    if (provenance.part !== undefined && !parts.has(provenance.part)) {
      yield fault('E0813', { pointer: `/nodes/${index}/provenance/part`, part: provenance.part })
    }
}

function* duplicates(what: string, list: string, key: string, names: readonly string[]): Faults {
  const seen = new Set<string>()
  for (const [index, name] of names.entries()) {
    if (seen.has(name)) yield fault('E0812', { pointer: `${list}/${index}/${key}`, what, name })
    seen.add(name)
  }
}
