import type { TensorType } from '../tensor-type.ts'
import { backward, totalElements, forward, inBothModes, savesInputs, savesNothing } from './cost.ts'
import { isProblem, problem, type Cost, type Problem } from './definition.ts'
import {
  ceilPadding,
  fitProblem,
  geometryOf,
  resolvePadding,
  unitPair,
  type Padding,
  type PaddingChoice,
  type Pair,
} from './geometry.ts'
import { flag, padding, sides, size } from './kinds.ts'
import { argument, optional, spelling } from './spelling.ts'
import { axes, mapType, sizesOf, reflectProblem } from './tensors.ts'
import { operator } from './operator.ts'

/** What max_pool and avg_pool share. */
const poolAttributes = { kernel: size, stride: size, padding: sides }

const poolArguments = {
  kernel: argument(size, 'Size of the windows.'),
  stride: optional(size, 'Step between windows. Left out: the kernel.'),
  padding: argument(padding, 'Around the map: explicit, or a word as for `conv`.', 0),
  ceil: argument(flag, 'Whether a window that lies partly beyond the edge is kept.', false),
}

interface PoolGiven {
  readonly kernel: Pair
  readonly stride?: Pair | undefined
  readonly padding: PaddingChoice
  readonly ceil: boolean
}

interface ResolvedPool {
  readonly kernel: Pair
  readonly stride: Pair
  /** As asked for. */
  readonly asked: Padding
  /** With what rounding up adds. */
  readonly padding: Padding
}

/** Makes stride and padding explicit. */
function resolvePool(given: PoolGiven, inputs: readonly TensorType[]): ResolvedPool | Problem {
  const { kernel, stride = kernel } = given
  const input = sizesOf(inputs).size
  const window = { kernel, stride, dilation: unitPair }
  const asked = resolvePadding(given.padding, input, window)
  if (isProblem(asked)) return asked
  return {
    kernel,
    stride,
    asked,
    padding: given.ceil ? ceilPadding(input, { ...window, padding: asked }) : asked,
  }
}

interface Pool {
  readonly kernel: Pair
  readonly stride: Pair
  readonly padding: Padding
}

const inferPool =
  (op: string) =>
  (pool: Pool, inputs: readonly TensorType[]): readonly TensorType[] | Problem => {
    const { channels, size } = sizesOf(inputs)
    const geometry = geometryOf(size, { ...pool, dilation: unitPair })
    return marginProblem(op, pool) ?? fitProblem(op, geometry) ?? [mapType(channels, geometry.output)]
  }

/**
 * A maximum over a window of k elements takes k - 1 comparisons, and notes where it was found: the gradient is added
 * there, after the map was cleared. PyTorch notes it at inference too, and keeps the input beside the positions.
 */
function maxPoolCost({ kernel }: Pool, inputs: readonly TensorType[], outputs: readonly TensorType[]): Cost {
  const out = totalElements(outputs)
  return inBothModes(
    forward(inputs, outputs, { arithmetic: (kernel[0] * kernel[1] - 1) * out, indices: out }),
    backward(out, totalElements(inputs) + out, { arithmetic: out, indices: out }),
    { ...savesInputs(0), indices: out },
  )
}

/**
 * A mean over a window of k elements takes k - 1 additions and a division; its gradient is divided once and added k
 * times. PyTorch keeps the input, of which it needs the shape only.
 */
function avgPoolCost({ kernel }: Pool, inputs: readonly TensorType[], outputs: readonly TensorType[]): Cost {
  const out = totalElements(outputs)
  const area = kernel[0] * kernel[1]
  return inBothModes(
    forward(inputs, outputs, { arithmetic: area * out }),
    backward(out, totalElements(inputs), { arithmetic: (area + 1) * out }),
    savesInputs(0),
  )
}

/** A window of one element, at every element. Padding is less than the window, so there is none. */
const isUnitPool = ({ kernel, stride }: Pool): boolean => [...kernel, ...stride].every((size) => size === 1)

/** E0310: a window of padding alone has no maximum and no mean. */
function marginProblem(op: string, { kernel, padding }: Pool): Problem | undefined {
  for (const { axis, name, sides } of axes) {
    const most = Math.max(...sides.map((side) => padding[side]))
    if (most >= kernel[axis])
      return problem(
        'E0310',
        { op, axis: name, padding: most, kernel: kernel[axis] },
        { argument: 'padding' },
      )
  }
  return undefined
}

const maxPool = operator({
  name: 'max_pool',
  doc: 'The largest value in each window, channel by channel. Padding counts as minus infinity.',
  takes: 'map',
  work: 'pool',
  counters: 'rules',
  reference: {
    chapter: 'Pooling and resampling',
    result: '`C x window(H) x window(W)`, rounded up with `ceil`; padding must be less than the kernel',
    examples: { max_pool: ['64 x 56 x 56', 'x -> max_pool(3, stride: 2, padding: 1)'] },
  },
  attributes: poolAttributes,
  spellings: [
    spelling({
      name: 'max_pool',
      doc: 'Takes the largest value in each window.',
      arguments: poolArguments,
      attributes: (given, inputs) => {
        const pool = resolvePool(given, inputs)
        return isProblem(pool) ? pool : { kernel: pool.kernel, stride: pool.stride, padding: pool.padding }
      },
    }),
  ],
  keepsChannelConstants: true,
  infer: inferPool('max_pool'),
  cost: maxPoolCost,
  isIdentity: isUnitPool,
})

const avgPool = operator({
  name: 'avg_pool',
  doc:
    'The mean of each window, channel by channel. With `count_padding` the divisor is the area of the kernel, ' +
    'otherwise the number of elements that lie in the map.',
  takes: 'map',
  work: 'pool',
  counters: 'rules',
  reference: {
    chapter: 'Pooling and resampling',
    result: '`C x window(H) x window(W)`, rounded up with `ceil`; padding must be less than the kernel',
    examples: { avg_pool: ['64 x 56 x 56', 'x -> avg_pool(2)'] },
  },
  attributes: { ...poolAttributes, count_padding: flag },
  spellings: [
    spelling({
      name: 'avg_pool',
      doc: 'Averages each window.',
      arguments: {
        ...poolArguments,
        count_padding: argument(
          flag,
          'Whether padding counts as zeros in the mean; what `ceil` adds never counts.',
          true,
        ),
      },
      attributes: (given, inputs) => {
        const pool = resolvePool(given, inputs)
        if (isProblem(pool)) return pool
        const { kernel, stride, padding, asked } = pool
        if (!given.count_padding || !isExtended(pool))
          return { kernel, stride, padding, count_padding: given.count_padding }
        // Without padding of its own, "count padding but not what ceil adds" is "count none".
        if (asked.every((side) => side === 0)) return { kernel, stride, padding, count_padding: false }
        return problem('E0311', { padding: asked }, { argument: 'count_padding' })
      },
    }),
  ],
  infer: inferPool('avg_pool'),
  cost: avgPoolCost,
  isIdentity: isUnitPool,
})

const isExtended = ({ asked, padding }: ResolvedPool): boolean =>
  padding.some((side, index) => side !== asked[index])

const globalAvgPool = operator({
  name: 'global_avg_pool',
  doc: 'The mean of each channel over all positions: [C, H, W] becomes [C, 1, 1].',
  takes: 'map',
  work: 'reduction',
  counters: 'rules',
  reference: {
    chapter: 'Pooling and resampling',
    result: '`C x 1 x 1`',
    examples: { global_avg_pool: ['64 x 56 x 56', 'x -> global_avg_pool'] },
  },
  attributes: {},
  spellings: [
    spelling({
      name: 'global_avg_pool',
      doc: 'Averages each channel over the whole map.',
      arguments: {},
      attributes: () => ({}),
    }),
  ],
  keepsChannelConstants: true,
  infer: (_, inputs) => [mapType(sizesOf(inputs).channels, unitPair)],
  // Additions join all elements of a channel, and one division ends them; backward, one product a channel is repeated.
  cost: (_, inputs, outputs) =>
    inBothModes(
      forward(inputs, outputs, { arithmetic: totalElements(inputs) }),
      backward(totalElements(outputs), totalElements(inputs), { arithmetic: totalElements(outputs) }),
      savesNothing,
    ),
})

const kernel: Pair = [3, 3]
const blurPadding: Padding = [1, 1, 1, 1]
/** Taps of the 3 x 3 filter. */
const TAPS = 9

const isUnit = ({ stride }: { readonly stride: Pair }): boolean => stride.every((step) => step === 1)

const blurPool = operator({
  name: 'blur_pool',
  doc:
    'Anti-aliased subsampling: each channel is filtered by [1, 2, 1] x [1, 2, 1] / 16 with reflect padding of 1, ' +
    'then strided (Zhang 2019, arXiv:1904.11486, as in TResNet). With stride 1 it is the identity.',
  takes: 'map',
  work: 'filter',
  counters: 'rules',
  reference: {
    chapter: 'Pooling and resampling',
    result: '`C x window(H) x window(W)` of a 3 x 3 kernel with padding 1',
    examples: { blur_pool: ['64 x 56 x 56', 'x -> blur_pool(2)'] },
  },
  attributes: { stride: size },
  spellings: [
    spelling({
      name: 'blur_pool',
      doc: 'Blurs and subsamples; does nothing with stride 1.',
      arguments: { stride: argument(size, 'Step between windows.', 2) },
      attributes: ({ stride }) => ({ stride }),
    }),
  ],
  keepsChannelConstants: true,
  infer: (attributes, inputs) => {
    if (isUnit(attributes)) return inputs
    const { channels, size } = sizesOf(inputs)
    const { output } = geometryOf(size, { ...attributes, kernel, padding: blurPadding, dilation: unitPair })
    return reflectProblem('blur_pool', size, blurPadding) ?? [mapType(channels, output)]
  },
  cost: (attributes, inputs, outputs) => {
    const fixedMacs = isUnit(attributes) ? 0 : TAPS * totalElements(outputs)
    return inBothModes(
      forward(inputs, outputs, { fixedMacs }),
      backward(totalElements(outputs), totalElements(inputs), { fixedMacs }),
      savesNothing,
    )
  },
  isIdentity: isUnit,
})

/** The operators of this file by name, in the order of the reference. */
export const pools = {
  max_pool: maxPool,
  avg_pool: avgPool,
  global_avg_pool: globalAvgPool,
  blur_pool: blurPool,
}
