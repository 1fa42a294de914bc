import { runnableDevices } from '../../backends/index.ts'
import { existsSync } from 'node:fs'
import { type Graph, inputShape, type NetworkMetadata } from '../../ir/graph.ts'
import { findBuiltIn, LABELS, readDataFile, readDataPath, type DataFile } from '../../host/built-ins.ts'
import { labelsFile, openCompiled } from '../compiled-model.ts'
import { UsageError } from '../exit.ts'
import { statOf } from '../../host/file-system.ts'
import { networkAndWarnings, afterPasses, loadNetwork } from '../load-network.ts'
import { weightsOf, type LoadedWeights, type WeightOptions } from '../load-weights.ts'
import {
  type NetworkOptions,
  addNetworkOptions,
  addWeightOptions,
  addRepeatable,
  parseInteger,
  parseList,
  parseNumbers,
  parsePart,
  addPassOption,
  type PassOptions,
} from '../options.ts'
import { findSpec, isPath } from '../../host/spec.ts'
import { refuseVastTensors, tapNames, tapValue } from '../../backends/model.ts'
import { wasLeftOut } from '../../passes/dead-code.ts'
import { nearest } from '../../diagnostics/suggest.ts'
import { printable } from '../../diagnostics/printable.ts'
import { readLabels } from '../../host/images/labels.ts'
import { compile } from '../../runtime/compile.ts'
import { clearProgress, note, print, printJson, progress } from '../terminal.ts'
import { runOnInput, resultOf, resultsText, type Result, KeptTensors } from '../run/results.ts'
import { imagesOf, inspectInputs, openInput, sizeOfArrays, type Input } from '../run/inputs.ts'
import { folderPlace, refuseOutput, reportingFaults } from '../write-output.ts'
import { Option, type Command } from 'commander'

/** What `archc run` takes. */
export type RunOptions = ModelOptions &
  PassOptions &
  PreprocessingOptions & {
    readonly input: readonly string[]
    readonly output?: string
    readonly tap?: readonly string[]
    readonly tapDir?: string
    readonly backend: string
    readonly top: number
    readonly json?: boolean
  }

/** A network that is ready for a backend. */
export interface OpenedModel {
  readonly graph: Graph
  readonly weights: LoadedWeights
  readonly labels: DataFile | undefined
}

export type ModelOptions = NetworkOptions & WeightOptions

/** The size that the inputs ask for, given the network's own; `undefined` for its own. */
export type SizeRule = (own: readonly number[]) => readonly number[] | undefined

/** Opens NET, SPEC or the folder of a compiled model. */
export async function openModel(target: string, options: ModelOptions, rule: SizeRule): Promise<OpenedModel> {
  return isFolder(target) ? openFolder(target, options) : openSpec(target, options, rule)
}

/** A bare name is a built-in network first, as everywhere. */
function isFolder(target: string): boolean {
  if (statOf(target)?.isDirectory() !== true) return false
  return isPath(target) || findBuiltIn(target) === undefined
}

async function openFolder(folder: string, options: ModelOptions): Promise<OpenedModel> {
  const { network, inputSize, weights, names, inplaceAbn } = options
  if (
    [network, inputSize, weights, names, inplaceAbn].some((option) => option !== undefined) ||
    [options.set, options.with, options.without].some((list) => list.length > 0)
  )
    throw new UsageError(
      `${folder} is a compiled model, with its network, size and weights; compile it again to change them`,
    )
  const model = await openCompiled(folder)
  const labels = existsSync(labelsFile(folder)) ? readDataPath(LABELS, labelsFile(folder)) : undefined
  return { ...model, labels }
}

function openSpec(target: string, options: ModelOptions, rule: SizeRule): OpenedModel {
  const spec = findSpec(target)
  const own = loadNetwork(spec, options)
  const size = options.inputSize === undefined ? rule(inputShape(own)) : undefined
  const sized = size === undefined ? options : { ...options, inputSize: size }
  // The warnings of the network were told when it was loaded in its own size.
  const graph = size === undefined ? own : networkAndWarnings(spec, sized).graph
  const { labels } = graph.metadata
  return {
    graph,
    labels: labels === undefined ? undefined : readDataFile(LABELS, labels, spec.file),
    weights: weightsOf(graph, { spec, options: sized }, options),
  }
}

/** What the user may have of a network's way to look at pictures. */
export interface PreprocessingOptions {
  readonly mean?: readonly number[]
  readonly std?: readonly number[]
  readonly resize?: number
  readonly cropPct?: number
  readonly interpolation?: NetworkMetadata['interpolation']
}

/** The network's metadata with what the options replace; one number stands for every channel. */
export function preprocessingOf(graph: Graph, options: PreprocessingOptions): NetworkMetadata {
  const { metadata } = graph
  const [channels = 0, height = 1, width = 1] = inputShape(graph)
  const { mean, std, interpolation = metadata.interpolation } = options
  if (std?.some((value) => value <= 0)) throw new UsageError('--std takes numbers above zero')
  return {
    ...metadata,
    mean: forChannels('--mean', mean, channels) ?? metadata.mean,
    std: forChannels('--std', std, channels) ?? metadata.std,
    resize: resizeOf(options, height, width) ?? metadata.resize,
    interpolation,
  }
}

/** As timm reads crop_pct: each side of the input divided by it, rounded down. */
function resizeOf(
  { resize, cropPct }: PreprocessingOptions,
  height: number,
  width: number,
): NetworkMetadata['resize'] | undefined {
  if (resize !== undefined && cropPct !== undefined)
    throw new UsageError('--resize and --crop-pct say the same in two ways; give one of them')
  if (cropPct === undefined) return resize
  return [Math.floor(height / cropPct), Math.floor(width / cropPct)]
}

function forChannels(option: string, given: readonly number[] | undefined, channels: number) {
  const [only] = given ?? []
  if (given?.length === 1 && only !== undefined) return Array.from({ length: channels }, () => only)
  if (given === undefined || given.length === channels) return given
  throw new UsageError(`${option} takes one number, or one for each of the ${channels} channels`)
}

/**
 * `archc run`: what can be at fault is looked at before the network runs, images are decoded one at a time, and output
 * comes last.
 */
export async function run(target: string, options: RunOptions): Promise<void> {
  if (options.input.length === 0) throw new UsageError('--input wants a file')
  if ((options.tap === undefined) !== (options.tapDir === undefined))
    throw new UsageError('--tap and --tap-dir go together: which values, and where to')
  await refuseOutputs(options)
  const inputs = options.input.map(openInput)
  const opened = await openModel(target, options, (own) => sizeOfArrays(inputs, own))
  const model = { ...opened, graph: afterPasses(opened.graph, options) }
  refuseVastTensors(model.graph)
  for (const name of options.tap ?? []) refuseUnknownTap(model.graph, name)
  const tensors = new KeptTensors(options)
  const { results, backend } = await predict(model, inputs, options, tensors)
  const files = await tensors.write()
  clearProgress()
  if (files.length > 1) note(severalFiles(model.graph.name, files))
  report(model, backend, results, options)
}

async function refuseOutputs({ output, tapDir }: RunOptions): Promise<void> {
  await refuseOutput(output)
  if (tapDir !== undefined) await reportingFaults(tapDir, () => void folderPlace(tapDir))
}

function refuseUnknownTap(graph: Graph, name: string): void {
  if (tapValue(graph, name) !== undefined) return
  if (wasLeftOut(graph, name))
    throw new UsageError(`--tap: '${name}' was left out of ${graph.name}: nothing uses what it computes`)
  const near = nearest(name, tapNames(graph))
  const hint = near === undefined ? '' : `; did you mean '${near}'?`
  throw new UsageError(`--tap: ${graph.name} has no part or path '${name}'${hint}`)
}

function severalFiles(network: string, files: readonly string[]): string {
  const [first = '', second] = [...new Set([files[0], files.at(-1)])].map((file) => printable(file ?? ''))
  const places = second === undefined ? first : `${first} ${files.length === 2 ? 'and' : 'to'} ${second}`
  return `note: ${network} has ${files.length} results; they are in ${places}`
}

interface Predictions {
  /** One for each image, in the order of the inputs. */
  readonly results: readonly Result[]
  readonly backend: string
}

async function predict(
  { graph, weights, labels }: OpenedModel,
  inputs: readonly Input[],
  options: RunOptions,
  tensors: KeptTensors,
): Promise<Predictions> {
  const size = inputShape(graph)
  const preprocessing = preprocessingOf(graph, options)
  const { count, notes } = await inspectInputs(inputs, size)
  const naming = { top: options.top, labels: labels && readLabels(labels.text, labels.path) }
  notes.forEach(note)
  progress(`compiling ${graph.name}`)
  const model = await compile(graph, { weights: weights.values, device: options.backend })
  const { backend } = model
  if (backend !== options.backend)
    note(`note: ${options.backend} does not start here; ${backend} computes instead`)
  const results: Result[] = []
  const announce = () => progress(`running ${graph.name}: image ${results.length + 1} of ${count}`)
  try {
    announce()
    await runOnInput(model, imagesOf(inputs, size, preprocessing), options.tap ?? [], (name, prediction) => {
      results.push(resultOf(name, prediction.outputs, naming))
      tensors.keep(prediction)
      if (results.length < count) announce()
    })
    return { results, backend }
  } finally {
    model.dispose()
  }
}

function report(
  { graph, weights }: OpenedModel,
  backend: string,
  results: readonly Result[],
  { json }: RunOptions,
) {
  if (!json) return print(resultsText(results))
  const { file, seed, notes } = weights
  const origin = file === undefined ? { random: true, seed } : { random: false, file, notes }
  printJson({ network: graph.name, backend, input: inputShape(graph), weights: origin, results })
}

const EXAMPLES = `
A .jpg or .png is resized, cropped and normalised as the network says; a .npy (float32, N x C x H x W or C x H x W) goes
in as it is, and a network runs at its size. A folder is a compiled model: ./NAME where a built-in network is called so.

Examples:
  archc run efficientnet_lite0 --weights efficientnet_lite0.safetensors --input cat.jpg
  archc run models/lite0 --input cat.jpg --input dog.jpg --top 3
  archc run tresnet_m --weights tresnet_m.safetensors --input x.npy --output y.npy
  archc run resnet50 --input x.npy --after fold-norm
  archc run resnet50 --input x.npy --tap stem,layer1.0 --tap-dir taps`

export default function (command: Command): void {
  command.argument('<network>', 'a built-in network, an .arch file, or a compiled model')
  addPassOption(addWeightOptions(addNetworkOptions(command)))
  addRepeatable(command, '--input <file>', 'a .jpg, .png or .npy; may be repeated')
    .option('--output <file>', 'write the result as .npy; of several, y.npy becomes y.0.npy, y.1.npy ...')
    .option('--tap <names>', 'parts or paths whose values are wanted too: stem,layer1.0', parseList)
    .option('--tap-dir <folder>', 'where to write them, NAME.npy each')
    .option('--top <k>', 'how many classes to name', parseInteger(1, 1_000_000), 5)
    .option('--mean <numbers>', 'subtracted from each channel of an image in 0..1', parseNumbers)
    .option('--std <numbers>', 'what each channel is then divided by', parseNumbers)
    .option('--resize <n>', 'the shorter side before the crop, in pixels', parseInteger(1, 16384))
    .option(
      '--crop-pct <part>',
      'instead: the part of a side that the crop keeps, as timm states it',
      parsePart,
    )
    .addOption(
      new Option('--interpolation <kind>', 'how images are resized').choices(['bilinear', 'bicubic']),
    )
    .addOption(
      new Option('--backend <name>', 'what computes').choices(runnableDevices).default(runnableDevices[0]),
    )
    .option('--json', 'print {"network", "backend", "weights", "results": [{"input", "top": [...]}]}')
    .addHelpText('after', EXAMPLES)
    .action(async (target: string, options: RunOptions) => {
      const { run } = await import('./run.ts')
      await run(target, options)
    })
}
