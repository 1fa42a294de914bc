import type { Coverage, Range } from '../devices/device.ts'
import type { Kernel } from '../../engines/kernel.ts'

interface Step {
  readonly batch: number
  /** Height and width in pixels; empty where the input is no picture. */
  readonly size: readonly number[]
}

/** What was measured of a network. */
interface MeasuredStep extends Step {
  /** As `operatorsOf` names them. */
  readonly operators: readonly string[]
}

/** What is asked of a prediction. */
interface Conditions extends Step {
  readonly kernels: readonly Kernel[]
}

/** From this share of the time on, an operator that no measured network has makes the error unknown. */
const NOTICED = 0.01

/** The batches, picture sizes and kinds of kernels that measurements cover together. */
export function coverageOf(measured: readonly MeasuredStep[]): Coverage {
  return {
    batch: rangeOf(measured.map(({ batch }) => batch)),
    image_size: rangeOf(measured.flatMap(({ size }) => size)),
    operators: [...new Set(measured.flatMap(({ operators }) => operators))].sort(),
  }
}

/** The kinds of kernels that a step launches, each once. */
export const operatorsOf = (kernels: readonly Kernel[]): readonly string[] => [
  ...new Set(kernels.map(operatorOf)),
]

/**
 * Why an error that was found under `covers` says nothing of a step under other conditions, as the rest of a sentence
 * that begins with "not known:"; `undefined` where it does.
 * @param seconds of a kernel
 */
export function beyondCoverage(
  covers: Coverage | undefined,
  { batch, size, kernels }: Conditions,
  seconds: (kernel: Kernel) => number,
): string | undefined {
  if (covers === undefined) return 'its calibration does not say what was measured'
  if (!isWithin(batch, covers.batch))
    return `batch ${batch} was not measured (measured: ${rangeText(covers.batch)})`
  if (size.length === 0 || !size.every((each) => isWithin(each, covers.image_size)))
    return `${sizeText(size)} (measured: ${rangeText(covers.image_size)} pixels)`
  return unmeasuredOperators(covers, kernels, seconds)
}

function unmeasuredOperators(
  { operators }: Coverage,
  kernels: readonly Kernel[],
  seconds: (kernel: Kernel) => number,
): string | undefined {
  const times = new Map<string, number>()
  let whole = 0
  for (const kernel of kernels) {
    const time = seconds(kernel)
    const operator = operatorOf(kernel)
    whole += time
    if (!operators.includes(operator)) times.set(operator, (times.get(operator) ?? 0) + time)
  }
  const share = [...times.values()].reduce((sum, time) => sum + time, 0) / whole
  if (!(share >= NOTICED)) return undefined
  const [most = ''] = [...times].sort((a, b) => b[1] - a[1]).map(([operator]) => operator)
  const others = times.size === 1 ? '' : ' and others'
  return `no measured network has ${most}${others}, where ${(100 * share).toPrecision(2)} % of the time goes`
}

/** Filters by how they are computed, since their efficiencies differ; what else there is by name. */
const operatorOf = ({ kind, name, filter }: Kernel): string => {
  if (!filter) return name
  const [height, width] = filter.kernel
  if (kind === 'depthwise') return `${name} (depthwise${isLarge(height, width) ? ', large' : ''})`
  return `${name} (${kind})`
}

/** As the time model tells them apart (`large_depthwise_efficiency`). */
const isLarge = (height: number, width: number): boolean => height >= 7 || width >= 7 || height !== width

const isWithin = (value: number, { least, most }: Range): boolean => value >= least && value <= most

const rangeOf = (values: readonly number[]): Range => ({
  least: values.reduce((a, b) => Math.min(a, b), Infinity),
  most: values.reduce((a, b) => Math.max(a, b), 0),
})

const rangeText = ({ least, most }: Range): string => (least === most ? `${least}` : `${least} to ${most}`)

const sizeText = (size: readonly number[]): string =>
  size.length === 0
    ? 'inputs that are no pictures were not measured'
    : `${size.join(' x ')} pixels were not measured`
