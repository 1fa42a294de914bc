import { join, resolve } from 'node:path'
import type { HostTensor } from '../../backends/model.ts'
import { refuseVastTensors } from '../../backends/memory.ts'
import { tapNames, tapValue } from '../../backends/taps.ts'
import { nearest } from '../../diagnostics/suggest.ts'
import type { Graph } from '../../ir/graph.ts'
import { writeNpy } from '../../runtime/npy/write.ts'
import { readLabels } from '../../runtime/images/labels.ts'
import { compile } from '../../runtime/compile.ts'
import type { RunOptions } from './run-options.ts'
import { UsageError } from '../exit.ts'
import { clearProgress, note, print, printJson, progress } from '../terminal.ts'
import { makeFolder, reportingFaults, writeOutput } from '../write-output.ts'
import { execute, type Outcome } from './execute.ts'
import { openInput, pixelsOf, sizeOfArrays, type Input } from './inputs.ts'
import { inputShape } from '../../ir/input-shape.ts'
import { openModel, type OpenedModel } from './open-model.ts'
import { preprocessingOf } from './preprocessing.ts'
import { resultsOf, resultsText, type Result } from './results.ts'

/** `archc run`: everything that can be at fault is looked at before the network runs, and output comes last. */
export async function run(target: string, options: RunOptions): Promise<void> {
  if (options.input.length === 0) throw new UsageError('--input wants a file')
  if ((options.tap === undefined) !== (options.tapDir === undefined))
    throw new UsageError('--tap and --tap-dir go together: which values, and where to')
  const inputs = options.input.map(openInput)
  const model = await openModel(target, options, (own) => sizeOfArrays(inputs, own))
  const labels = model.labels && readLabels(model.labels.text, model.labels.path)
  refuseVastTensors(model.graph)
  for (const name of options.tap ?? []) refuseUnknownTap(model.graph, name)
  const { outcome, names, backend } = await predict(model, inputs, options)
  await writeTensors(outcome, options)
  clearProgress()
  report(model, backend, resultsOf(outcome.logits, names, { top: options.top, labels }), options)
}

function refuseUnknownTap(graph: Graph, name: string): void {
  if (tapValue(graph, name) !== undefined) return
  const near = nearest(name, tapNames(graph))
  const hint = near === undefined ? '' : `; did you mean '${near}'?`
  throw new UsageError(`--tap: ${graph.name} has no part or path '${name}'${hint}`)
}

interface Prediction {
  readonly outcome: Outcome
  /** What each image is called, in the order of the outcome. */
  readonly names: readonly string[]
  readonly backend: string
}

async function predict(
  opened: OpenedModel,
  inputs: readonly Input[],
  options: RunOptions,
): Promise<Prediction> {
  const { graph, weights } = opened
  const size = inputShape(graph)
  const metadata = preprocessingOf(graph, options, size[0] ?? 0)
  const images = await Promise.all(inputs.map((input) => pixelsOf(input, size, metadata)))
  progress(`compiling ${graph.name}`)
  const model = await compile(graph, { weights: weights.values, device: options.backend })
  const { backend } = model
  if (backend !== options.backend)
    note(`note: ${options.backend} does not start here; ${backend} computes instead`)
  try {
    const outcome = await execute(model, images.flat(), options.tap ?? [], (done) => {
      progress(`running ${graph.name}: image ${done + 1} of ${images.flat().length}`)
    })
    return { outcome, names: namesOf(inputs, images), backend }
  } finally {
    model.dispose()
  }
}

const namesOf = (inputs: readonly Input[], images: readonly (readonly Float32Array[])[]): string[] =>
  inputs.flatMap(({ path }, at) => {
    const count = images[at]?.length ?? 0
    return Array.from({ length: count }, (_, index) => (count === 1 ? path : `${path}[${index}]`))
  })

async function writeTensors({ logits, taps }: Outcome, { output, tapDir }: RunOptions): Promise<void> {
  if (tapDir !== undefined) {
    await reportingFaults(tapDir, () => Promise.resolve(makeFolder(resolve(tapDir))))
    for (const [name, tensor] of taps) await writeTensor(join(tapDir, `${name}.npy`), tensor)
  }
  if (output !== undefined) await writeTensor(output, logits)
}

const writeTensor = (path: string, { shape, data }: HostTensor): Promise<void> =>
  writeOutput(path, writeNpy(shape, data))

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
