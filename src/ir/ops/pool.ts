import type { TensorType } from '../tensor-type.ts'
import { backward, totalElements, forward, inBothModes, savesInputs } from './cost.ts'
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
import { argument, optional } from './spelling.ts'
import { axes, mapType, sizesOf } from './tensors.ts'

/** What max_pool and avg_pool share. */
export const poolAttributes = { kernel: size, stride: size, padding: sides }

export const poolArguments = {
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

export interface ResolvedPool {
  readonly kernel: Pair
  readonly stride: Pair
  /** As asked for. */
  readonly asked: Padding
  /** With what rounding up adds. */
  readonly padding: Padding
}

/** Makes stride and padding explicit. */
export function resolvePool(given: PoolGiven, inputs: readonly TensorType[]): ResolvedPool | Problem {
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

export const inferPool =
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
export function maxPoolCost(
  { kernel }: Pool,
  inputs: readonly TensorType[],
  outputs: readonly TensorType[],
): Cost {
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
export function avgPoolCost(
  { kernel }: Pool,
  inputs: readonly TensorType[],
  outputs: readonly TensorType[],
): Cost {
  const out = totalElements(outputs)
  const area = kernel[0] * kernel[1]
  return inBothModes(
    forward(inputs, outputs, { arithmetic: area * out }),
    backward(out, totalElements(inputs), { arithmetic: (area + 1) * out }),
    savesInputs(0),
  )
}

/** A window of one element, at every element. Padding is less than the window, so there is none. */
export const isUnitPool = ({ kernel, stride }: Pool): boolean =>
  [...kernel, ...stride].every((size) => size === 1)

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
