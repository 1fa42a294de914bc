import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import type { Graph, Node, ValueId } from '../ir/graph.ts'
import { elements } from '../ir/tensor-type.ts'
import { planOf } from './plan.ts'

/** Of the tensors that one image makes. Real networks at 1000 x 1000 pixels stay below; WebAssembly has 4 GiB in all. */
const LIMIT = 2 ** 30
const FLOAT_BYTES = 4

export interface Peak {
  readonly bytes: number
  /** Where it is reached; absent where it is the input itself. */
  readonly node?: Node
}

/** The most memory that the tensors of one image take at once, given that each goes as soon as nothing needs it. */
export function peakMemory(graph: Graph): Peak {
  const bytesOf = (id: ValueId) => FLOAT_BYTES * elementsOf(graph, id)
  let alive = sum(graph.inputs.map(bytesOf))
  let peak: Peak = { bytes: alive }
  for (const { node, release } of planOf(graph, new Set(graph.outputs))) {
    alive += sum(node.outputs.map(bytesOf))
    if (alive > peak.bytes) peak = { bytes: alive, node }
    alive -= sum(release.map(bytesOf))
  }
  return peak
}

/**
 * Refuses a network whose tensors no machine of today holds, before anything is allocated for it.
 * @throws DiagnosticError E0716
 */
export function refuseVastTensors(graph: Graph): void {
  const { bytes, node } = peakMemory(graph)
  if (bytes <= LIMIT) return
  const { file, line, column } = node?.provenance.location ?? { file: graph.name, line: 1, column: 1 }
  const facts = { network: graph.name, bytes, limit: LIMIT, at: node?.path ?? 'input' }
  const notes = node === undefined ? [] : [`made at ${file}:${line}:${column}`]
  throw new DiagnosticError([diagnose('E0716', { path: file }, facts, { notes })])
}

function elementsOf(graph: Graph, id: ValueId): number {
  const value = graph.values[id]
  return value === undefined ? 0 : elements(value.type)
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
