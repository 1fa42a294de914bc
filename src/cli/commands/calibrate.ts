import { basename } from 'node:path'
import { type Device, dataTypeOf } from '../../analysis/devices/device.ts'
import { deviceText } from '../../report/devices.ts'
import { backendOfDevice, runnableDevices } from '../../backends/index.ts'
import { UsageError } from '../exit.ts'
import { appearance, clearProgress, note, print, printJson, progress } from '../terminal.ts'
import { refuseOutput, writeOutput } from '../write-output.ts'
import {
  reduced,
  type MeasuredWorkload,
  calibrate,
  withCalibration,
  type Calibrated,
  refuseFew,
} from '../../analysis/calibration/calibrate.ts'
import {
  measuredExecution,
  type Measured,
  MEASURED_TEXT_LIMIT,
  readMeasured,
} from '../../analysis/calibration/measured.ts'
import { modelledEngines, type ModelledEngine } from '../../engines/engines.ts'
import { type Precision, precisions, precise } from '../../engines/kernel.ts'
import type { Schedule } from '../../engines/schedule.ts'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { visitNetworks, type MeasuredNetwork, familiesOfRows } from '../measured-networks.ts'
import { calibrationJson, calibrationText } from '../../report/calibration.ts'
import { findDevice } from '../../host/built-ins.ts'
import { readTextInput } from '../../host/file-system.ts'
import { printable } from '../../diagnostics/printable.ts'
import { InvalidArgumentError, Option, type Command } from 'commander'

export interface BackendOptions {
  readonly output?: string
  readonly json?: boolean
}

/**
 * Measures this machine as a backend uses it, shows it as a device, and writes the device file.
 * @throws DiagnosticError where it cannot be written; UsageError
 */
export async function calibrateBackend(backend: string, { output, json }: BackendOptions): Promise<void> {
  await refuseOutput(output)
  const measured = await backendOfDevice(backend).measure(backend, (what) =>
    progress(`measuring ${what} on ${backend}`),
  )
  clearProgress()
  if (measured === undefined) throw new UsageError(`the backend ${backend} does not start on this machine`)
  const device = output === undefined ? measured : named(measured, output)
  if (output !== undefined) await writeDevice(output, device)
  if (json) return printJson(device)
  print(deviceText(device, appearance().width))
  if (output === undefined) note('\nNothing was written; -o FILE.json writes this device.')
}

/** A device is called like its file, where that is a name. */
function named(device: Device, path: string): Device {
  const name = basename(path, '.json')
  return /^[a-z][a-z0-9_]{0,39}$/.test(name) ? { ...device, name } : device
}

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
function executor({ graph }: MeasuredNetwork, { engine, precision }: Runner): (row: Measured) => Schedule {
  const known = new Map<string, Schedule>()
  return (row) => {
    const options = measuredExecution(row, precision)
    const key = `${options.layout} ${options.abn}`
    const execution = known.get(key) ?? modelledEngines[engine](graph, options)
    known.set(key, execution)
    if (execution.calls.every(({ kernels }) => kernels.length === 0)) throw idle(row)
    return execution
  }
}

/** Its time says nothing of the device. */
function idle({ network, span }: Measured): DiagnosticError {
  const facts = { name: network, reason: 'it launches nothing, and so has no time that a fit could predict' }
  return new DiagnosticError([diagnose('E1209', span, facts, { help: 'leave the row out' })])
}

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

/**
 * Writes a device file.
 * @throws DiagnosticError E0901, E0907
 */
export async function writeDevice(path: string, device: Device): Promise<void> {
  await writeOutput(path, `${JSON.stringify(device, undefined, 2)}\n`)
  note(`${printable(path)}: written`)
}

type Options = Omit<MeasuredOptions, 'measured' | 'device'> & {
  readonly measured?: string
  readonly device?: string
  readonly backend?: string
}

const EXAMPLES = `
With --measured: fits the efficiencies of the calibrated time model, shows what each means, and how far off predictions
are, on families of networks that were left out of the fit too. The table is CSV with a header and the columns network,
layout, image_size, batch and images_per_s; where pytorch is 1.x, activated batch norms are taken to be inplace_abn's.
A network is a built-in one or the path of an .arch file.

With --backend: measures what this machine reaches there, in about ten seconds: arithmetic, bandwidth, and
the time from one operation to the next.

A device is written only where -o says, so that no device of archc's changes unasked.

Examples:
  archc calibrate --measured rtx3090.csv --device rtx3090
  archc calibrate --measured mine.csv --device my_gpu.json --layout nchw -o my_gpu.json
  archc calibrate --measured compiled.csv --device a100 --engine fused --precision fp16 -o my_a100.json
  archc calibrate --backend wasm -o this_machine.json`

export default function (command: Command): void {
  command
    .option('--measured <file>', 'a table of measured throughput (.csv)')
    .option(
      '--device <device>',
      'what it was measured on: a name (`archc devices`), or a device file (.json)',
    )
    .addOption(choices('--layout <layout>', 'rows to fit', ['nhwc', 'nchw', 'both'], 'both'))
    .addOption(choices('--engine <name>', 'what ran them', Object.keys(modelledEngines), 'eager'))
    .addOption(choices('--precision <name>', 'in which they ran', precisions, 'mixed'))
    .option('--source <text>', 'what was measured and by whom, for the device file', parseSource)
    .addOption(
      new Option('--backend <name>', "measure this machine's own speed there").choices(runnableDevices),
    )
    .option('-o, --output <file>', 'write the device (.json)')
    .option('--json', 'print what was fitted, row by row, or the measured device')
    .addHelpText('after', EXAMPLES)
    .action(runCalibrate)
}

/** As long as a device file takes. */
function parseSource(text: string): string {
  if (text.length >= 1 && text.length <= 1000) return text
  throw new InvalidArgumentError('A text of 1 to 1000 characters is wanted.')
}

const choices = (flags: string, description: string, values: readonly string[], usual: string): Option =>
  new Option(flags, description).choices([...values]).default(usual)

async function runCalibrate({ measured, device, backend, ...options }: Options): Promise<void> {
  if (backend !== undefined) {
    if (measured !== undefined || device !== undefined)
      throw new UsageError('--backend measures this machine, --measured fits to a table: give one of them')
    const { calibrateBackend } = await import('./calibrate.ts')
    return calibrateBackend(backend, options)
  }
  if (measured === undefined) throw new UsageError('give --measured FILE.csv, or --backend NAME')
  if (device === undefined) throw new UsageError('--measured wants --device, the one that was measured')
  const { calibrateToMeasured } = await import('./calibrate.ts')
  return calibrateToMeasured({ ...options, measured, device })
}
