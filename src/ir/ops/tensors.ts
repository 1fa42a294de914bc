import { tensor, type TensorType } from '../tensor-type.ts'
import { problem, type Problem } from './definition.ts'
import type { Padding, Pair } from './geometry.ts'

interface MapSizes {
  readonly channels: number
  readonly size: Pair
}

/** Channels and size of the first tensor; a vector counts as a map of 1 x 1. */
export function sizesOf([first]: readonly TensorType[]): MapSizes {
  const [channels = 1, height = 1, width = 1] = first?.shape ?? []
  return { channels, size: [height, width] }
}

export const mapType = (channels: number, [height, width]: Pair): TensorType =>
  tensor(channels, height, width)

/** The type with other channels (or features). */
export const withChannels = (channels: number, like: TensorType | undefined): TensorType =>
  tensor(channels, ...(like?.shape.slice(1) ?? []))

/** The shape rule of what works element by element. */
export const sameType = (_: unknown, inputs: readonly TensorType[]): readonly TensorType[] => inputs

/** Height and width: their index in a pair, and the sides that padding gives them. */
export const axes = [
  { axis: 0, name: 'height', sides: [0, 2] },
  { axis: 1, name: 'width', sides: [1, 3] },
] as const

/** E0309 where reflection would reach past the other edge. */
export function reflectProblem(op: string, size: Pair, padding: Padding): Problem | undefined {
  for (const { axis, name, sides } of axes) {
    const most = Math.max(...sides.map((side) => padding[side]))
    if (most >= size[axis]) return problem('E0309', { op, axis: name, padding: most, size: size[axis] })
  }
  return undefined
}

/** Divisors of `whole` next to `wanted`: the largest below and the smallest above, where there are any. */
export function nearestDivisors(whole: number, wanted: number): readonly number[] {
  let below = 0
  let above = Infinity
  for (let small = 1; small * small <= whole; small++) {
    if (whole % small !== 0) continue
    for (const divisor of [small, whole / small]) {
      if (divisor <= wanted) below = Math.max(below, divisor)
      else above = Math.min(above, divisor)
    }
  }
  return [below, above].filter((divisor) => divisor > 0 && divisor < Infinity)
}

/** By Euclid, of positive integers. */
export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
