import type { HostTensor } from '../../backends/model.ts'
import { printable } from '../../diagnostics/printable.ts'
import { topClasses, type Guess } from '../../runtime/top-classes.ts'

/** What one result of a network says of one image. */
export type Finding =
  | { readonly top: readonly Guess[] }
  /** Of a network that classifies nothing. */
  | { readonly output: { readonly shape: readonly number[]; readonly min: number; readonly max: number } }

/** What the network says of one image: its only result, or all of them in their order. */
export type Result = { readonly input: string } & (Finding | { readonly outputs: readonly Finding[] })

export interface ResultOptions {
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
