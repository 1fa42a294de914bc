import { Option, type Command } from 'commander'
import type { AnalysisRequest } from '../analysis/analyze.ts'
import { DEFAULT_BATCH } from '../analysis/analyze.ts'
import { type Device, dataTypeOf, dataTypesOf } from '../analysis/devices/device.ts'
import { isModelled, modelledEngines } from '../engines/engines.ts'
import {
  defaultExecution,
  precisions,
  type ExecutionOptions,
  type Precision,
  precise,
} from '../engines/kernel.ts'
import type { Schedule } from '../engines/schedule.ts'
import { predictionOf } from '../analysis/throughput.ts'
import { backendEngines, backendOfEngine } from '../backends/index.ts'
import type { Graph } from '../ir/graph.ts'
import { devicesWithCalibrations, findDevice } from '../host/built-ins.ts'
import { UsageError } from './exit.ts'
import { parseInteger } from './options.ts'
import { note } from './terminal.ts'

/** What every command takes that says what a network costs. */
export interface AnalysisOptions {
  readonly device: string
  readonly engine: string
  readonly precision?: Precision
  readonly batch: number
  readonly layout: ExecutionOptions['layout']
  readonly training?: boolean
  readonly partialConv: ExecutionOptions['partialConv']
  readonly abn: ExecutionOptions['abn']
  readonly timeModel?: 'roofline' | 'calibrated'
}

/** Beyond any step that a device holds; products with it stay countable. */
const LARGEST_BATCH = 2 ** 20
export const NO_DEVICE = 'none'
const engineNames = [...Object.keys(modelledEngines), ...backendEngines]

export function addAnalysisOptions(command: Command): Command {
  return command
    .option(
      '--device <device>',
      'the device to predict times for: `archc devices` lists them; a .json file, or none',
      'rtx3090',
    )
    .addOption(
      new Option(
        '--engine <engine>',
        'what runs the network: eager PyTorch, a fusing compiler, or a backend of archc',
      )
        .choices(engineNames)
        .default('eager'),
    )
    .addOption(
      new Option(
        '--precision <precision>',
        'default: mixed (autocast to fp16), fp32 where there is no fp16',
      ).choices(precisions),
    )
    .option('--batch <n>', 'images a step', parseInteger(1, LARGEST_BATCH), DEFAULT_BATCH)
    .addOption(
      choice('--layout <layout>', 'how maps lie in memory', ['nhwc', 'nchw'], defaultExecution.layout),
    )
    .option('--training', 'a step of training: forward, backward, update')
    .addOption(
      choice(
        '--partial-conv <form>',
        'how partial convolutions run',
        ['slicing', 'split_cat'],
        defaultExecution.partialConv,
      ),
    )
    .addOption(
      choice('--abn <form>', 'how activated batch norms run', ['separate', 'inplace'], defaultExecution.abn),
    )
    .addOption(
      new Option('--time-model <model>', 'default: calibrated where measurements allow it').choices([
        'roofline',
        'calibrated',
      ]),
    )
}

const choice = (flags: string, text: string, values: readonly string[], fallback: string): Option =>
  new Option(flags, text).choices(values).default(fallback)

/** Turns graphs into requests; the device is read once, and times are predicted the same way for all. */
export type Requester = (graph: Graph) => Promise<AnalysisRequest>

/**
 * @param say is told, once, what was asked for and the engine does not do
 * @throws DiagnosticError for devices, and for types that a device does not compute in; UsageError
 */
export async function requesterOf(options: AnalysisOptions, say = note): Promise<Requester> {
  const device = options.device === NO_DEVICE ? undefined : await findDevice(options.device)
  const execution = executionOptions(options, device)
  let first: AnalysisRequest | undefined
  return async (graph) => {
    const done = await execute(graph, options.engine, execution)
    if (first !== undefined) return { ...first, execution: done }
    noteDepartures(options, done, say)
    return (first = requestFor(done, options, device))
  }
}

function requestFor(
  execution: Schedule,
  { batch, timeModel }: AnalysisOptions,
  device?: Device,
): AnalysisRequest {
  if (device === undefined) return { execution, batch }
  // Of the engine's precision, which need not be the one that was asked for.
  dataTypeOf(device, precise[execution.options.precision].computes)
  const prediction = predictionOf(device, execution, devicesWithCalibrations, timeModel)
  if (prediction === undefined)
    throw new UsageError(
      `no calibration fits ${device.name} with ${execution.engine}, ${execution.options.layout}, ` +
        `${execution.options.precision}: \`archc calibrate\` makes one, --time-model roofline needs none`,
    )
  return { execution, batch, prediction }
}

function executionOptions(options: AnalysisOptions, device?: Device): ExecutionOptions {
  const { precision = defaultPrecision(device), layout, training, partialConv, abn } = options
  // The slice is written in place, which autograd does not allow.
  const form = training ? 'split_cat' : partialConv
  return { precision, layout, abn, partialConv: form, mode: training ? 'training' : 'inference' }
}

/** What was asked for by name, and the engine does not do. */
function noteDepartures(
  { precision, layout }: AnalysisOptions,
  { engine, options }: Schedule,
  say: (text: string) => void,
): void {
  if (precision !== undefined && precision !== options.precision)
    say(`note: ${engine} computes in ${options.precision}, not ${precision}`)
  if (layout !== defaultExecution.layout && layout !== options.layout)
    say(`note: ${engine} keeps maps in ${options.layout}, not ${layout}`)
}

const defaultPrecision = (device?: Device): Precision =>
  device === undefined || dataTypesOf(device).includes('fp16') ? 'mixed' : 'fp32'

async function execute(graph: Graph, engine: string, options: ExecutionOptions): Promise<Schedule> {
  if (isModelled(engine)) return modelledEngines[engine](graph, options)
  const backend = backendOfEngine(engine)
  if (backend === undefined) throw new UsageError(`there is no engine ${engine}`)
  return backend.schedule(graph, engine, options)
}
