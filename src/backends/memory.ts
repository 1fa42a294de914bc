import { peakMemory } from '../analysis/memory/tensor-peak.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import type { Graph } from '../ir/graph.ts'

/** Of the tensors that one image makes. Real networks at 1000 x 1000 pixels stay below; WebAssembly has 4 GiB in all. */
const LIMIT = 2 ** 30

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
