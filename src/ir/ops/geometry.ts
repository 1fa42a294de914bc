import { problem, type Problem } from './definition.ts'

/** [height, width]. */
export type Pair = readonly [height: number, width: number]

/** Explicit padding of a map, in pixels. */
export type Padding = readonly [top: number, right: number, bottom: number, left: number]

/** Padding as `.arch` spells it: a rule, or explicit sides. */
export type PaddingChoice = 'same' | 'same_tf' | 'valid' | Padding

/** What slides over a map: convolution, pooling, blur. */
export interface Window {
  readonly kernel: Pair
  readonly stride: Pair
  readonly padding: Padding
  readonly dilation: Pair
}

/** All that a sliding window makes of a map's size; every operator and backend reads it from here. */
interface Geometry {
  readonly input: Pair
  readonly padding: Padding
  /** Pixels that a window spans: dilation * (kernel - 1) + 1. */
  readonly effectiveKernel: Pair
  /** Number of windows, rounded down; not positive where the window does not fit. */
  readonly output: Pair
}

const noPadding: Padding = [0, 0, 0, 0]
export const unitPair: Pair = [1, 1]

export const totalPadding = ([top, right, bottom, left]: Padding): Pair => [top + bottom, left + right]

/** Applies a function to height and width. */
const each = (f: (axis: 0 | 1) => number): Pair => [f(0), f(1)]

const effectiveKernel = (kernel: Pair, dilation: Pair): Pair =>
  each((axis) => dilation[axis] * (kernel[axis] - 1) + 1)

/** out = floor((in + padding - effective kernel) / stride) + 1 (Dumoulin & Visin 2016, arXiv:1603.07285). */
export function geometryOf(input: Pair, window: Window): Geometry {
  const span = effectiveKernel(window.kernel, window.dilation)
  const total = totalPadding(window.padding)
  const output = each(
    (axis) => Math.floor((input[axis] + total[axis] - span[axis]) / window.stride[axis]) + 1,
  )
  return { input, padding: window.padding, effectiveKernel: span, output }
}

/** E0303 where a window does not fit into the padded map even once. */
export function fitProblem(op: string, geometry: Geometry): Problem | undefined {
  const total = totalPadding(geometry.padding)
  const axis = ([0, 1] as const).find((axis) => geometry.output[axis] < 1)
  if (axis === undefined) return undefined
  return problem('E0303', {
    op,
    axis: axis === 0 ? 'height' : 'width',
    size: geometry.input[axis],
    kernel: geometry.effectiveKernel[axis],
    padding: total[axis],
  })
}

type Unpadded = Omit<Window, 'padding'>

/** Makes padding explicit; E0305 for "same" with an even kernel. */
export function resolvePadding(choice: PaddingChoice, input: Pair, window: Unpadded): Padding | Problem {
  if (choice === 'valid') return noPadding
  if (choice === 'same') return symmetricPadding(window)
  if (choice === 'same_tf') return tensorflowPadding(input, window)
  return choice
}

/** PyTorch's habit: dilation * (kernel - 1) / 2 on each side, whatever the stride. */
function symmetricPadding({ kernel, dilation }: Unpadded): Padding | Problem {
  if (kernel.some((size) => size % 2 === 0)) return problem('E0305', { kernel }, { argument: 'padding' })
  const [y, x] = each((axis) => (dilation[axis] * (kernel[axis] - 1)) / 2)
  return [y, x, y, x]
}

/** TensorFlow's SAME: out = ceil(in / stride), the odd pixel at the bottom and right. */
function tensorflowPadding(input: Pair, { kernel, stride, dilation }: Unpadded): Padding {
  const span = effectiveKernel(kernel, dilation)
  const total = each((axis) => {
    const output = Math.ceil(input[axis] / stride[axis])
    return Math.max((output - 1) * stride[axis] + span[axis] - input[axis], 0)
  })
  const before = each((axis) => Math.floor(total[axis] / 2))
  return [before[0], total[1] - before[1], total[0] - before[0], before[1]]
}

/**
 * Padding with what rounding up needs at the bottom and right. As PyTorch's `ceil_mode`, a last window that
 * would start beyond the input and its top or left padding is left out.
 */
export function ceilPadding(input: Pair, window: Window): Padding {
  const span = effectiveKernel(window.kernel, window.dilation)
  const [top, right, bottom, left] = window.padding
  const total = totalPadding(window.padding)
  const extra = each((axis) => {
    const stride = window.stride[axis]
    const padded = input[axis] + total[axis]
    const last = Math.ceil((padded - span[axis]) / stride)
    const starts = last * stride < input[axis] + (axis === 0 ? top : left)
    return Math.max((starts ? last : last - 1) * stride + span[axis] - padded, 0)
  })
  return [top, right + extra[1], bottom + extra[0], left]
}
