import type { InitScheme } from '../../ir/graph.ts'
import { normalStream } from './random.ts'

/** The bounds of PyTorch's `trunc_normal_`: values, not multiples of the standard deviation. */
const TRUNCATION = 2

export interface Fans {
  /** Inputs that one output sees. */
  readonly fanIn: number
  /** Outputs times the kernel's area, not divided by `groups`. */
  readonly fanOut: number
  readonly groups: number
}

/** A stream of initial values under a scheme. */
export function initialStream(scheme: InitScheme, fans: Fans, uniform: () => number): () => number {
  const normal = normalStream(uniform)
  switch (scheme.kind) {
    case 'kaiming_normal':
      return scaled(normal, Math.sqrt(2 / fans.fanOut))
    case 'kaiming_normal_grouped':
      return scaled(normal, Math.sqrt((2 * fans.groups) / fans.fanOut))
    case 'uniform':
      return scaled(() => 2 * uniform() - 1, Math.sqrt(1 / fans.fanIn))
    case 'normal':
      return scaled(normal, scheme.std)
    case 'truncated_normal':
      return truncatedNormal(scheme.std, normal, uniform)
  }
}

const scaled = (next: () => number, factor: number) => () => factor * next()

/**
 * A normal distribution cut off at ±2, by rejection. A wide one is nearly flat between the bounds, so there uniform
 * numbers are what is accepted or not: either way more than half are.
 */
function truncatedNormal(std: number, normal: () => number, uniform: () => number): () => number {
  const isNarrow = Math.abs(std) <= TRUNCATION
  const draw = isNarrow ? () => std * normal() : () => TRUNCATION * (2 * uniform() - 1)
  const reject = (value: number) =>
    isNarrow ? Math.abs(value) > TRUNCATION : uniform() > Math.exp(-0.5 * (value / std) ** 2)
  return () => {
    let value = draw()
    while (reject(value)) value = draw()
    return value
  }
}
