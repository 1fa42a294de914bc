import { Option, type Command } from 'commander'
import { analyze } from '../../analysis/analyze.ts'
import { exceeded, type Budgets } from '../../analysis/budgets.ts'
import { conventionNames } from '../../analysis/conventions/index.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { inputShape } from '../../ir/input-shape.ts'
import { sortKeys } from '../../report/tables/order.ts'
import { findSpec } from '../../runtime/files/spec.ts'
import type { ComparedNetwork } from '../analyze/comparison.ts'
import { formatOf, formats, writeAnnotations, writeReport, type FormatOptions } from '../analyze/formats.ts'
import { addAnalysisOptions, requesterOf, type AnalysisOptions } from '../analysis-options.ts'
import { AlreadyReported, UsageError } from '../exit.ts'
import { buildNetwork, loadNetwork } from '../load-network.ts'
import { addNetworkOptions, TARGET_HELP, type NetworkOptions } from '../options.ts'
import { parseBytes, parseCount, parseDuration } from '../quantities.ts'
import { reportBudgets } from '../analyze/budgets.ts'

interface Options extends NetworkOptions, AnalysisOptions, FormatOptions {
  readonly compare?: boolean
  readonly convention?: string
  readonly reconcile?: string
  readonly measured?: string
  readonly maxMacs?: number
  readonly maxBytes?: number
  readonly maxTime?: number
  readonly maxMemory?: number
}

/** Options that ask for an analysis, which a count of operations is not. A budget must not pass unseen. */
const notCounted = ['compare', 'measured', 'maxMacs', 'maxBytes', 'maxTime', 'maxMemory']

const EXAMPLES = `
MACs are multiply-accumulates of convolutions and linear layers, bias not counted, for one image; bytes are what kernels
read and write for one image, with the weights' shared by the batch. Times are predictions: the report says how far off
such predictions were.

Examples:
  archc analyze tresnet_m
  archc analyze tresnet_m --layers --sort time
  archc analyze tresnet_m --device v100 --batch 64 --training
  archc analyze fasternet_t0 --engine tfjs-webgpu --device apple_m2
  archc analyze tresnet_m --with 'layer3: se(reduction: 16) at spatial'
  archc analyze my_network.arch --set width=1.2 --input-size 3x192x256 --format json
  archc analyze my_network.arch --format html -o report.html
  archc analyze tresnet_m resnet50 efficientnet_b1 --compare --device v100
  archc analyze efficientnet_b0 --convention fvcore
  archc analyze resnet50 --reconcile 3.8G
  archc analyze my_network.arch --max-macs 4G --max-time 80ms --format github`

export function define(command: Command): void {
  addAnalysisOptions(
    addNetworkOptions(command.argument('<network...>', `${TARGET_HELP}; several are compared`)),
  )
    .option('--compare', 'rank the networks by FLOPs, bytes and time')
    .option('--measured <file>', 'a .csv of measured speeds to compare with')
    .addOption(
      new Option('--convention <tool>', 'what another counter would have said')
        .choices(conventionNames)
        .conflicts(['reconcile', ...notCounted]),
    )
    .addOption(
      new Option(
        '--reconcile <figure>',
        'look for what makes up a figure you have read, e.g. 4.09G',
      ).conflicts(notCounted),
    )
    .option('--layers', 'list every operator too')
    .addOption(new Option('--sort <by>', 'order of the layers').choices(sortKeys))
    .addOption(new Option('--format <format>', 'of the report').choices(formats).default('text'))
    .option('--json', 'the same as --format json')
    .option('-o, --output <file>', 'write the report there')
    .option('--max-macs <n>', 'fail where an image takes more, e.g. 4.1G', parseCount)
    .option('--max-bytes <n>', 'fail where an image moves more bytes, e.g. 120MB', parseBytes)
    .option('--max-time <t>', 'fail where a step takes longer, e.g. 80ms', parseDuration)
    .option('--max-memory <n>', 'fail where the peak is higher, e.g. 2GiB', parseBytes)
    .addHelpText('after', EXAMPLES)
    .action(report)
}

async function report(targets: readonly string[], options: Options): Promise<void> {
  if (options.convention !== undefined || options.reconcile !== undefined) return counting(targets, options)
  const budgets = budgetsOf(options)
  const requestOf = await requesterOf(options)
  const analyses: ComparedNetwork[] = []
  for (const target of targets) {
    const graph = loadNetwork(findSpec(target), options)
    analyses.push({ name: target, analysis: analyze(graph, await requestOf(graph)) })
  }
  const faults = analyses.flatMap(({ analysis }) => exceeded(analysis, budgets))
  const [only] = analyses
  if (formatOf(options) === 'github') await writeAnnotations(faults, options)
  else if (only !== undefined && analyses.length === 1 && !isComparison(options))
    await writeReport(only.analysis, options)
  else await comparison(analyses, options)
  fail(faults, options)
}

async function counting([target = '', ...others]: readonly string[], options: Options): Promise<void> {
  if (others.length > 0) throw new UsageError('--convention and --reconcile take one network')
  const { writeCounting } = await import('../analyze/counting.ts')
  const spec = findSpec(target)
  const graph = loadNetwork(spec, options)
  const [channels = 3] = inputShape(graph)
  const atSide = (side: number) => buildNetwork(spec, { ...options, inputSize: [channels, side, side] }).graph
  await writeCounting({ graph, atSide }, options)
}

async function comparison(analyses: readonly ComparedNetwork[], options: Options): Promise<void> {
  const { writeComparison } = await import('../analyze/comparison.ts')
  await writeComparison(analyses, options.measured, options)
}

const isComparison = ({ compare, measured }: Options): boolean => compare === true || measured !== undefined

function budgetsOf({ maxMacs, maxBytes, maxTime, maxMemory, device }: Options): Budgets {
  if (maxTime !== undefined && device === 'none')
    throw new UsageError('--max-time needs a device to predict times for')
  return {
    ...(maxMacs === undefined ? {} : { macs: maxMacs }),
    ...(maxBytes === undefined ? {} : { bytes: maxBytes }),
    ...(maxTime === undefined ? {} : { seconds: maxTime }),
    ...(maxMemory === undefined ? {} : { memory: maxMemory }),
  }
}

/** The exit status of a network over its budget is that of an input at fault. */
function fail(faults: readonly Diagnostic[], options: Options): void {
  if (faults.length === 0) return
  reportBudgets(faults, options)
  throw new AlreadyReported()
}
