import { findSpec } from '../../src/host/spec.ts'
import { openProject } from '../../src/host/file-host.ts'
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { loadProgram } from '../../src/project/load.ts'
import { initialWeights } from '../../src/weights/initial-weights.ts'
import type { Weights } from '../../src/weights/weights.ts'

/** The graph of a network in `specs/networks`. */
export function graphOf(family: string, network: string): Graph {
  const { host, entry } = openProject(`specs/networks/${family}.arch`)
  const { graph, diagnostics } = elaborate(loadProgram(entry, host), { network })
  if (!graph) throw new DiagnosticError(diagnostics)
  return graph
}

/** The graph of a built-in network. */
export function networkOf(name: string): Graph {
  const { host, entry } = findSpec(name)
  const { graph, diagnostics } = elaborate(loadProgram(entry, host), { network: name })
  if (!graph) throw new DiagnosticError(diagnostics)
  return graph
}

/**
 * Fresh weights, but for the norms: their scales are all 1 here, because zeros, which some start with, would
 * hide a branch from the comparison of results.
 */
export function benchWeights(graph: Graph): Weights {
  const weights = initialWeights(graph, 1)
  return new Map(
    [...weights].map(([name, values]) => [
      name,
      values.some((v) => v !== 0) ? values : nonZero(name, values),
    ]),
  )
}

const nonZero = (name: string, values: Float32Array): Float32Array =>
  values.map((_, i) => (name.endsWith('.weight') ? 0.5 : 0.1) + (i % 7) / 100)
