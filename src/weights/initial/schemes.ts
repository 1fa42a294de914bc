import type { InitScheme } from '../../ir/graph.ts'
import { normalStream } from './random.ts'

/** The bounds of PyTorch's `trunc_normal_`: values, not multiples of the standard deviation. */
const TRUNCATION = 2

/** A stream of initial values under a scheme; `fanOut` counts the outputs that one input reaches. */
export function initialStream(scheme: InitScheme, fanOut: number, uniform: () => number): () => number {
  const normal = normalStream(uniform)
  switch (scheme.kind) {
    case 'kaiming_normal': {
      const std = Math.sqrt(2 / Math.max(1, fanOut))
      return () => std * normal()
    }
    case 'normal':
      return () => scheme.std * normal()
    case 'truncated_normal':
      return truncatedNormal(scheme.std, normal, uniform)
  }
}

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
