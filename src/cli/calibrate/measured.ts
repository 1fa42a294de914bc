import { basename } from 'node:path'
import {
  calibrate,
  withCalibration,
  type Calibrated,
  type MeasuredWorkload,
} from '../../analysis/calibration/calibrate.ts'
import { refuseFew } from '../../analysis/calibration/refuse.ts'
import { MEASURED_TEXT_LIMIT, readMeasured, type Measured } from '../../analysis/calibration/measured.ts'
import type { Device } from '../../analysis/devices/device.ts'
import { dataTypeOf } from '../../analysis/devices/rates.ts'
import type { ModelledEngine } from '../../analysis/execution/engines.ts'
import type { Precision } from '../../analysis/execution/kernel.ts'
import { precise } from '../../analysis/execution/precision.ts'
import { calibrationJson, calibrationText } from '../../report/calibration.ts'
import { findDevice } from '../../runtime/files/devices.ts'
import { readTextInput } from '../../runtime/files/read-input.ts'
import { familiesOfRows } from '../measured-networks.ts'
import { appearance, clearProgress, note, print, printJson, progress } from '../terminal.ts'
import { refuseOutput } from '../write-output.ts'
import { workloadsOf } from './workloads.ts'
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
  const layouts = layoutsOf(chosen, options)
  for (const layout of layouts) refuseFewBefore(layout, chosen, options)
  const workloads = workloadsOf(chosen, { ...options, device }, (done, all) =>
    progress(`network ${done} of ${all}`),
  )
  const results = layouts.map((layout) => calibrateLayout(layout, workloads, options))
  clearProgress()
  await report(device, results, options)
}

/** Those that were asked for; of both, those that were measured. */
function layoutsOf(rows: readonly Measured[], { layout }: MeasuredOptions): readonly Measured['layout'][] {
  if (layout !== 'both') return [layout]
  return (['nhwc', 'nchw'] as const).filter((each) => rows.some((row) => row.layout === each))
}

/** Of a short table, what is wrong with a network is told first, and its networks are soon built. */
const LONG_TABLE = 100

/** What no fit is possible with is told before hundreds of networks are built. */
function refuseFewBefore(
  layout: Measured['layout'],
  rows: readonly Measured[],
  { measured }: MeasuredOptions,
): void {
  const own = rows.filter((row) => row.layout === layout)
  if (own.length < LONG_TABLE) return
  const families = familiesOfRows(own)
  if (families !== undefined) refuseFew({ layout, rows: own.length, place: measured }, families.size)
}

function calibrateLayout(
  layout: Measured['layout'],
  workloads: readonly MeasuredWorkload[],
  { measured, engine, precision, source = `archc calibrate, ${basename(measured)}` }: MeasuredOptions,
): Calibrated {
  const ofLayout = workloads.filter(({ row }) => row.layout === layout)
  const key = { engine, layout, precision }
  return calibrate(ofLayout, key, { place: measured, source }, (family) =>
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
