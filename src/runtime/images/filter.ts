export interface Filter {
  /** How far it reaches to either side, in pixels of the coarser grid. */
  readonly support: number
  readonly weight: (distance: number) => number
}

const triangle = (distance: number): number => Math.max(0, 1 - Math.abs(distance))

/** Keys 1981, with a = -0.5 as Pillow has it. */
function cubic(distance: number): number {
  const a = -0.5
  const x = Math.abs(distance)
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
}

export const filters: Readonly<Record<'bilinear' | 'bicubic', Filter>> = {
  bilinear: { support: 1, weight: triangle },
  bicubic: { support: 2, weight: cubic },
}

/** Weights are whole numbers over this many bits, as in Pillow; 8-bit pixels then fit into 32 bits. */
export const WEIGHT_BITS = 22

/** Which pixels of a line make one pixel of the resampled line. */
export interface Taps {
  readonly start: number
  readonly weights: readonly number[]
}

/**
 * The taps of pixels `from` to `from + count` of a line resampled from `size` to `target` pixels. The filter is
 * stretched by the reduction, which keeps fine patterns from aliasing (Pillow's Resample.c, `precompute_coeffs`).
 */
export function tapsOf(
  filter: Filter,
  size: number,
  target: number,
  from: number,
  count: number,
): readonly Taps[] {
  const scale = size / target
  const stretch = Math.max(1, scale)
  return Array.from({ length: count }, (_, index) => {
    const centre = (from + index + 0.5) * scale
    const start = Math.max(0, Math.trunc(centre - filter.support * stretch + 0.5))
    const end = Math.min(size, Math.trunc(centre + filter.support * stretch + 0.5))
    const weights = Array.from({ length: end - start }, (_, tap) =>
      filter.weight((start + tap - centre + 0.5) / stretch),
    )
    const sum = weights.reduce((a, b) => a + b, 0)
    return { start, weights: weights.map((weight) => toFixed(sum === 0 ? weight : weight / sum)) }
  })
}

const toFixed = (weight: number): number => Math.trunc(weight * 2 ** WEIGHT_BITS + (weight < 0 ? -0.5 : 0.5))
