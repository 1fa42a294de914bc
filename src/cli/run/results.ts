import type { HostTensor } from '../../backends/model.ts'
import { printable } from '../../diagnostics/printable.ts'
import { topClasses, type Guess } from '../../runtime/top-classes.ts'

/** What the network says of one image. */
export type Result = { readonly input: string } & (
  | { readonly top: readonly Guess[] }
  /** Of a network that classifies nothing. */
  | { readonly output: { readonly shape: readonly number[]; readonly min: number; readonly max: number } }
)

export interface ResultOptions {
  readonly top: number
  readonly labels: readonly string[] | undefined
}

/** One for each image of `logits`; `names` has what each is called. */
export function resultsOf(logits: HostTensor, names: readonly string[], options: ResultOptions): Result[] {
  const [count = 0, ...shape] = logits.shape
  const length = logits.data.length / Math.max(1, count)
  return names.map((input, at) => {
    const values = logits.data.subarray(at * length, (at + 1) * length)
    if (shape.length === 1) return { input, top: topClasses(values, options.top, labelsFor(options, length)) }
    const [min, max] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))]
    return { input, output: { shape, min, max } }
  })
}

/** Labels name the classes only where there are as many: a network with another head has other classes. */
const labelsFor = ({ labels }: ResultOptions, classes: number): readonly string[] | undefined =>
  labels?.length === classes ? labels : undefined

export const resultsText = (results: readonly Result[]): string => results.map(resultText).join('\n')

function resultText(result: Result): string {
  const title = `${printable(result.input)}\n`
  if ('top' in result) return title + result.top.map(guessText).join('')
  const { shape, min, max } = result.output
  return `${title}  output of ${shape.join(' x ')}, from ${min.toPrecision(4)} to ${max.toPrecision(4)}\n`
}

function guessText({ class: index, label, probability }: Guess): string {
  const percent = `${(100 * probability).toFixed(1)} %`.padStart(8)
  return `  ${percent}  ${label === null ? `class ${index}` : `${printable(label)} (class ${index})`}\n`
}
