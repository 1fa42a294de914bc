import { InvalidArgumentError, Option, type Command } from 'commander'
import { modelledEngines } from '../../analysis/execution/engines.ts'
import { precisions } from '../../analysis/execution/kernel.ts'
import { tfjsDevices, type TfjsDevice } from '../../runtime/tfjs-device.ts'
import type { MeasuredOptions } from '../calibrate/measured.ts'
import { UsageError } from '../exit.ts'

type Options = Omit<MeasuredOptions, 'measured' | 'device'> & {
  readonly measured?: string
  readonly device?: string
  readonly backend?: TfjsDevice
}

const EXAMPLES = `
With --measured: fits the efficiencies of the calibrated time model, shows what each means, and how far off predictions
are, on families of networks that were left out of the fit too. The table is CSV with a header and the columns network,
layout, image_size, batch and images_per_s; where pytorch is 1.x, activated batch norms are taken to be inplace_abn's.
A network is a built-in one or the path of an .arch file.

With --backend: measures what this machine reaches on a tfjs backend, in about ten seconds: arithmetic, bandwidth, and
the time from one operation to the next.

A device is written only where -o says, so that no device of archc's changes unasked.

Examples:
  archc calibrate --measured rtx3090.csv --device rtx3090
  archc calibrate --measured mine.csv --device my_gpu.json --layout nchw -o my_gpu.json
  archc calibrate --measured compiled.csv --device a100 --engine fused --precision fp16 -o my_a100.json
  archc calibrate --backend wasm -o this_machine.json`

export function define(command: Command): void {
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
      new Option('--backend <name>', "measure this machine's own speed there").choices([...tfjsDevices]),
    )
    .option('-o, --output <file>', 'write the device (.json)')
    .option('--json', 'print what was fitted, row by row, or the measured device')
    .addHelpText('after', EXAMPLES)
    .action(calibrate)
}

/** As long as a device file takes. */
function parseSource(text: string): string {
  if (text.length >= 1 && text.length <= 1000) return text
  throw new InvalidArgumentError('A text of 1 to 1000 characters is wanted.')
}

const choices = (flags: string, description: string, values: readonly string[], usual: string): Option =>
  new Option(flags, description).choices([...values]).default(usual)

async function calibrate({ measured, device, backend, ...options }: Options): Promise<void> {
  if (backend !== undefined) {
    if (measured !== undefined || device !== undefined)
      throw new UsageError('--backend measures this machine, --measured fits to a table: give one of them')
    const { calibrateBackend } = await import('../calibrate/backend.ts')
    return calibrateBackend(backend, options)
  }
  if (measured === undefined) throw new UsageError('give --measured FILE.csv, or --backend NAME')
  if (device === undefined) throw new UsageError('--measured wants --device, the one that was measured')
  const { calibrateToMeasured } = await import('../calibrate/measured.ts')
  return calibrateToMeasured({ ...options, measured, device })
}
