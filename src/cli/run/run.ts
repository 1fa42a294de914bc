import { refuseVastTensors } from '../../backends/memory.ts'
import { tapNames, tapValue } from '../../backends/taps.ts'
import { wasLeftOut } from '../../ir/dead-code.ts'
import { nearest } from '../../diagnostics/suggest.ts'
import { printable } from '../../diagnostics/printable.ts'
import type { Graph } from '../../ir/graph.ts'
import { inputShape } from '../../ir/input-shape.ts'
import { readLabels } from '../../runtime/images/labels.ts'
import { compile } from '../../runtime/compile.ts'
import type { RunOptions } from './run-options.ts'
import { UsageError } from '../exit.ts'
import { clearProgress, note, print, printJson, progress } from '../terminal.ts'
import { execute } from './execute.ts'
import { imagesOf, inspectInputs, openInput, sizeOfArrays, type Input } from './inputs.ts'
import { folderPlace } from '../write-folder.ts'
import { refuseOutput, reportingFaults } from '../write-output.ts'
import { openModel, type OpenedModel } from './open-model.ts'
import { preprocessingOf } from './preprocessing.ts'
import { resultOf, resultsText, type Result } from './results.ts'
import { KeptTensors } from './tensors.ts'

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
  const model = await openModel(target, options, (own) => sizeOfArrays(inputs, own))
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
    await execute(model, imagesOf(inputs, size, preprocessing), options.tap ?? [], (name, prediction) => {
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
