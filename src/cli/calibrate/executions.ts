import type { MeasuredExecution } from '../../analysis/calibration/calibrate.ts'
import { measuredExecution } from '../../analysis/calibration/measured-execution.ts'
import type { Measured } from '../../analysis/calibration/measured.ts'
import { modelledEngines, type ModelledEngine } from '../../analysis/execution/engines.ts'
import type { Execution, Precision } from '../../analysis/execution/kernel.ts'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import type { Graph } from '../../ir/graph.ts'
import type { MeasuredNetwork } from '../measured-networks.ts'

export interface MeasuredRow {
  readonly row: Measured
  readonly network: MeasuredNetwork
}

/**
 * What each network does when it runs, reckoned once however many rows it has.
 * @param rows of one layout
 * @throws DiagnosticError E1209 for a network that launches nothing: its time says nothing of the device
 */
export function executionsOf(
  rows: readonly MeasuredRow[],
  engine: ModelledEngine,
  precision: Precision,
): readonly MeasuredExecution[] {
  const known = new Map<Graph, Map<string, Execution>>()
  return rows.map(({ row, network: { graph, family } }) => {
    const options = measuredExecution(row, precision)
    const ofGraph = known.get(graph) ?? new Map<string, Execution>()
    known.set(graph, ofGraph)
    const execution = ofGraph.get(options.abn) ?? modelledEngines[engine](graph, options)
    ofGraph.set(options.abn, execution)
    if (execution.kernels.length === 0) throw idle(row)
    return { row, family, execution }
  })
}

function idle({ network, span }: Measured): DiagnosticError {
  const facts = { name: network, reason: 'it launches nothing, and so has no time that a fit could predict' }
  return new DiagnosticError([diagnose('E1209', span, facts, { help: 'leave the row out' })])
}
