import type { Graph } from './graph.ts'
import { faultsOf } from './soundness/soundness.ts'

/** Broken invariants of a graph that the compiler made: its own fault, not the user's. Empty when sound. */
export function verifyGraph(graph: Graph): readonly string[] {
  return faultsOf(graph).map((fault) => {
    const { code, message } = fault({ path: graph.name })
    return `${code}: ${message}`
  })
}
