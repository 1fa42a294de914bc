import type { HostTensor, Model, Prediction } from '../../backends/model.ts'
import { printable } from '../../diagnostics/printable.ts'
import { topClasses, type Guess } from '../../runtime/top-classes.ts'
import { extname, join } from 'node:path'
import { statOf } from '../../host/file-system.ts'
import { writeNpy } from '../../host/npy.ts'
import { folderPlace, makeFolder, reportingFaults, writeOutput } from '../write-output.ts'

/** An image as a network takes it. */
export interface Image {
  /** What results call it. */
  readonly name: string
  /** [C, H, W]. */
  readonly pixels: Float32Array
}

/**
 * Runs image by image, and takes the next one only when the last is done with: neither the memory on the device nor
 * that of decoded pictures grows with the number of images.
 */
export async function runOnInput(
  model: Model,
  images: AsyncIterable<Image>,
  taps: readonly string[],
  onPrediction: (name: string, prediction: Prediction) => void,
): Promise<void> {
  for await (const { name, pixels } of images) onPrediction(name, await model.predict(pixels, 1, taps))
}

/** The values of each image, one tensor of all: they differ in the number of images alone. */
function joined(tensors: readonly HostTensor[]): HostTensor {
  const data = new Float32Array(tensors.reduce((sum, tensor) => sum + tensor.data.length, 0))
  let at = 0
  for (const tensor of tensors) {
    data.set(tensor.data, at)
    at += tensor.data.length
  }
  const count = tensors.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0)
  return { data, shape: [count, ...(tensors[0]?.shape.slice(1) ?? [])] }
}

/** What one result of a network says of one image. */
type Finding =
  | { readonly top: readonly Guess[] }
  /** Of a network that classifies nothing. */
  | { readonly output: { readonly shape: readonly number[]; readonly min: number; readonly max: number } }

/** What the network says of one image: its only result, or all of them in their order. */
export type Result = { readonly input: string } & (Finding | { readonly outputs: readonly Finding[] })

interface ResultOptions {
  readonly top: number
  readonly labels: readonly string[] | undefined
}

/** @param outputs the network's results for this image, a batch of 1 in front */
export function resultOf(input: string, outputs: readonly HostTensor[], options: ResultOptions): Result {
  const findings = outputs.map((output) => findingOf(output, options))
  const [only] = findings
  return only !== undefined && findings.length === 1 ? { input, ...only } : { input, outputs: findings }
}

function findingOf({ data, shape: [, ...shape] }: HostTensor, options: ResultOptions): Finding {
  if (shape.length === 1) return { top: topClasses(data, options.top, labelsFor(options, data.length)) }
  const [min, max] = [data.reduce((a, b) => Math.min(a, b)), data.reduce((a, b) => Math.max(a, b))]
  return { output: { shape, min, max } }
}

/** Labels name the classes only where there are as many: a network with another head has other classes. */
const labelsFor = ({ labels }: ResultOptions, classes: number): readonly string[] | undefined =>
  labels?.length === classes ? labels : undefined

export const resultsText = (results: readonly Result[]): string => results.map(resultText).join('\n')

function resultText(result: Result): string {
  const title = printable(result.input)
  if (!('outputs' in result)) return `${title}\n${findingText(result)}`
  const { outputs } = result
  const texts = outputs.map((finding, at) => `  result ${at}\n${findingText(finding)}`)
  return `${title}: ${outputs.length} results\n${texts.join('')}`
}

function findingText(finding: Finding): string {
  if ('top' in finding) return finding.top.map(guessText).join('')
  const { shape, min, max } = finding.output
  return `  output of ${shape.join(' x ')}, from ${min.toPrecision(4)} to ${max.toPrecision(4)}\n`
}

function guessText({ class: index, label, probability }: Guess): string {
  const percent = `${(100 * probability).toFixed(1)} %`.padStart(8)
  return `  ${percent}  ${label === null ? `class ${index}` : `${printable(label)} (class ${index})`}\n`
}

/** Where the values of a run go. */
interface Destinations {
  readonly output?: string
  readonly tapDir?: string
}

/** The tensors that files are made of, one for each image. Without a file to write, none is kept. */
export class KeptTensors {
  private readonly outputs: HostTensor[][] = []
  private readonly taps = new Map<string, HostTensor[]>()

  constructor(private readonly destinations: Destinations) {}

  keep({ outputs, taps }: Prediction): void {
    if (this.destinations.output !== undefined)
      outputs.forEach((tensor, at) => (this.outputs[at] ??= []).push(tensor))
    for (const [name, tensor] of taps) {
      const kept = this.taps.get(name)
      if (kept === undefined) this.taps.set(name, [tensor])
      else kept.push(tensor)
    }
  }

  /**
   * Writes what was kept, the batch in front.
   * @returns the files of the network's results
   * @throws DiagnosticError where a file cannot be written
   */
  async write(): Promise<readonly string[]> {
    const { output, tapDir } = this.destinations
    if (tapDir !== undefined) {
      await reportingFaults(tapDir, () => makeFolder(folderPlace(tapDir).path))
      for (const [name, tensors] of this.taps) await writeTensor(join(tapDir, `${name}.npy`), tensors)
    }
    if (output === undefined) return []
    const files = outputFiles(output, this.outputs.length)
    for (const [at, file] of files.entries()) await writeTensor(file, this.outputs[at] ?? [])
    return files
  }
}

/**
 * One file for each result: `y.npy`, or `y.0.npy`, `y.1.npy` of several. A pipe or a device, which is no file of that name,
 * takes them one after another.
 */
function outputFiles(output: string, count: number): readonly string[] {
  if (count === 1) return [output]
  const numbers = Array.from({ length: count }, (_, at) => at)
  const stats = statOf(output)
  if (stats !== undefined && !stats.isFile() && !stats.isDirectory()) return numbers.map(() => output)
  const extension = extname(output)
  const stem = output.slice(0, output.length - extension.length)
  return numbers.map((at) => `${stem}.${at}${extension}`)
}

const writeTensor = (path: string, tensors: readonly HostTensor[]): Promise<void> => {
  const { shape, data } = joined(tensors)
  return writeOutput(path, writeNpy(shape, data))
}
