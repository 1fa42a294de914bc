import { diagnose } from '../../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../../diagnostics/diagnostic.ts'
import type { Graph } from '../../../ir/graph.ts'
import type { Guard } from './guard.ts'
import { USABLE } from './heap.ts'
import { needsOf, type Needs, type PlannedRun } from './needs.ts'

/** The memory that one model has of the wasm module, counted before it is used. */
export class ModelMemory {
  private readonly known = new Set<string>()

  constructor(private readonly guard: Guard) {}

  /**
   * Refuses a run that the module's memory has no room for; one that was looked at before is not looked at again.
   * @throws DiagnosticError E0720
   */
  reserve(run: Omit<PlannedRun, 'others'>): void {
    const key = [run.batch, ...run.wanted.map(({ id }) => id)].join()
    if (this.known.has(key)) return
    const others = [...this.guard.kept].reduce((sum, [model, bytes]) => sum + (model === this ? 0 : bytes), 0)
    const needs = needsOf({ ...run, others })
    if (needs.overflow) throw refused(run, needs, others)
    this.known.add(key)
    this.guard.expect(needs)
    this.guard.kept.set(this, Math.max(needs.kept, this.guard.kept.get(this) ?? 0))
  }

  release(): void {
    this.guard.kept.delete(this)
  }
}

function refused(
  { graph, batch }: { graph: Graph; batch: number },
  needs: Needs,
  others: number,
): DiagnosticError {
  const { node, parts } = needs.overflow ?? {}
  const { file, line, column } = node?.provenance.location ?? { file: graph.name, line: 1, column: 1 }
  const facts = {
    network: graph.name,
    bytes: Math.max(needs.bytes, USABLE),
    limit: USABLE,
    at: node?.path ?? 'its weights',
    batch,
    parts: { ...(parts ?? { tensors: 0, weights: 0, copies: 0, tables: 0 }), others },
  }
  const notes = node === undefined ? [] : [`made at ${file}:${line}:${column}`]
  return new DiagnosticError([diagnose('E0720', { path: file }, facts, { notes })])
}
