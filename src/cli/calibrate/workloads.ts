import { reduced, type MeasuredWorkload } from '../../analysis/calibration/calibrate.ts'
import { measuredExecution } from '../../analysis/calibration/measured-execution.ts'
import type { Measured } from '../../analysis/calibration/measured.ts'
import type { Device } from '../../analysis/devices/device.ts'
import { modelledEngines, type ModelledEngine } from '../../analysis/execution/engines.ts'
import type { Execution, Precision } from '../../analysis/execution/kernel.ts'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { visitNetworks, type MeasuredNetwork } from '../measured-networks.ts'

/** What ran the measured networks, and on what. */
export interface Runner {
  readonly device: Device
  readonly engine: ModelledEngine
  readonly precision: Precision
}

/**
 * What each row's network does when it runs, as a fit sees it. A network is built and run through the engine once however
 * many rows it has, and neither graph nor kernels outlive its rows.
 * @param onNetwork is told how many of how many are built
 * @throws DiagnosticError E1209 for a network that cannot be built, or that launches nothing; E1212 for too many
 */
export function workloadsOf(
  rows: readonly Measured[],
  runner: Runner,
  onNetwork: (done: number, all: number) => void,
): readonly MeasuredWorkload[] {
  const workloads: MeasuredWorkload[] = []
  visitNetworks(
    rows,
    (network, indices) => {
      const execute = executor(network, runner)
      for (const index of indices) {
        const row = rows[index]
        if (row !== undefined)
          workloads[index] = reduced({ row, family: network.family, execution: execute(row) }, runner.device)
      }
    },
    onNetwork,
  )
  return workloads
}

/** Runs one network as each row says, and alike only once. */
function executor({ graph }: MeasuredNetwork, { engine, precision }: Runner): (row: Measured) => Execution {
  const known = new Map<string, Execution>()
  return (row) => {
    const options = measuredExecution(row, precision)
    const key = `${options.layout} ${options.abn}`
    const execution = known.get(key) ?? modelledEngines[engine](graph, options)
    known.set(key, execution)
    if (execution.kernels.length === 0) throw idle(row)
    return execution
  }
}

/** Its time says nothing of the device. */
function idle({ network, span }: Measured): DiagnosticError {
  const facts = { name: network, reason: 'it launches nothing, and so has no time that a fit could predict' }
  return new DiagnosticError([diagnose('E1209', span, facts, { help: 'leave the row out' })])
}
