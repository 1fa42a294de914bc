import { basename } from 'node:path'
import { calibrate, withCalibration, type Calibrated } from '../../analysis/calibration/calibrate.ts'
import { MEASURED_TEXT_LIMIT, readMeasured, type Measured } from '../../analysis/calibration/measured.ts'
import type { Device } from '../../analysis/devices/device.ts'
import { dataTypeOf } from '../../analysis/devices/rates.ts'
import type { ModelledEngine } from '../../analysis/execution/engines.ts'
import type { Precision } from '../../analysis/execution/kernel.ts'
import { precise } from '../../analysis/execution/precision.ts'
import { calibrationJson, calibrationText } from '../../report/calibration.ts'
import { findDevice } from '../../runtime/files/devices.ts'
import { readTextInput } from '../../runtime/files/read-input.ts'
import { measuredNetworks, type MeasuredNetwork } from '../measured-networks.ts'
import { appearance, clearProgress, note, print, printJson, progress } from '../terminal.ts'
import { refuseOutput } from '../write-output.ts'
import { executionsOf } from './executions.ts'
import { writeDevice } from './write-device.ts'

export interface MeasuredOptions {
  readonly measured: string
  readonly device: string
  readonly layout: 'nhwc' | 'nchw' | 'both'
  readonly engine: ModelledEngine
  readonly precision: Precision
  readonly source?: string
  readonly output?: string
  readonly json?: boolean
}

/**
 * Fits the efficiencies of a device to a table of measurements, prints them and what they are worth, and writes the
 * device file.
 * @throws DiagnosticError
 */
export async function calibrateToMeasured(options: MeasuredOptions): Promise<void> {
  await refuseOutput(options.output)
  const device = await findDevice(options.device)
  dataTypeOf(device, precise[options.precision].computes)
  const request = { file: options.measured, wanted: 'a table of measurements', limit: MEASURED_TEXT_LIMIT }
  const rows = readMeasured(readTextInput(request), options.measured)
  const chosen = rows.filter(({ layout }) => options.layout === 'both' || layout === options.layout)
  const networks = measuredNetworks(chosen, (done, all) => progress(`network ${done} of ${all}`))
  const results = layoutsOf(chosen, options).map((layout) =>
    calibrateLayout(layout, chosen, networks, device, options),
  )
  clearProgress()
  await report(device, results, options)
}

/** Those that were asked for; of both, those that were measured. */
function layoutsOf(rows: readonly Measured[], { layout }: MeasuredOptions): readonly Measured['layout'][] {
  if (layout !== 'both') return [layout]
  return (['nhwc', 'nchw'] as const).filter((each) => rows.some((row) => row.layout === each))
}

function calibrateLayout(
  layout: Measured['layout'],
  rows: readonly Measured[],
  networks: readonly MeasuredNetwork[],
  device: Device,
  { measured, engine, precision, source = `archc calibrate, ${basename(measured)}` }: MeasuredOptions,
): Calibrated {
  const ofLayout = rows.flatMap((row, index) => {
    const network = networks[index]
    return row.layout !== layout || network === undefined ? [] : [{ row, network }]
  })
  const executions = executionsOf(ofLayout, engine, precision)
  const key = { engine, layout, precision }
  return calibrate(executions, device, key, { place: measured, source }, (family) =>
    progress(`${layout}: fitting without ${family}`),
  )
}

async function report(
  device: Device,
  results: readonly Calibrated[],
  { json, output }: MeasuredOptions,
): Promise<void> {
  if (output !== undefined) {
    await writeDevice(
      output,
      results.reduce((so, { calibration }) => withCalibration(so, calibration), device),
    )
  }
  if (json) return printJson(calibrationJson(device, results))
  // A pipe has no width: nothing is left out for lack of it.
  print(calibrationText(device, results, appearance().width))
  if (output === undefined)
    note('\nNothing was written; -o FILE.json writes the device with these calibrations.')
}
