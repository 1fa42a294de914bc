import type { CostCase } from './case.ts'

const map = [64, 28, 28]
const size = 64 * 28 * 28
const quarter = 64 * 14 * 14

export const poolCases: readonly CostCase[] = [
  {
    title: 'max_pool: eight comparisons a window of nine, and a position each',
    use: ['max_pool', { kernel: 3, stride: 2, padding: 1 }, map],
    inference: { arithmetic: 8 * quarter, reads: [size], writes: [quarter], indices: quarter },
    backward: { arithmetic: quarter, read: quarter, written: size + quarter, indices: quarter },
    saves: { inputs: [0], indices: quarter },
  },
  {
    title: 'avg_pool: three sums and a division a window of four',
    use: ['avg_pool', { kernel: 2 }, map],
    inference: { arithmetic: (3 + 1) * quarter, reads: [size], writes: [quarter] },
    backward: { arithmetic: (1 + 4) * quarter, read: quarter, written: size },
    saves: { inputs: [0] },
  },
  {
    title: 'global_avg_pool: 28 * 28 - 1 sums and a division a channel',
    use: ['global_avg_pool', {}, map],
    inference: { arithmetic: 64 * (28 * 28 - 1 + 1), reads: [size], writes: [64] },
    backward: { arithmetic: 64, read: 64, written: size },
    saves: {},
  },
  {
    title: 'upsample, nearest: moves; the gradient sums four copies',
    use: ['upsample', { factor: 2 }, map],
    inference: { reads: [size], writes: [4 * size] },
    backward: { arithmetic: 3 * size, read: 4 * size, written: size },
    saves: {},
  },
  {
    title: 'upsample, bilinear: four products and three sums a result',
    use: ['upsample', { factor: 2, mode: 'bilinear' }, map],
    inference: { arithmetic: (4 + 3) * 4 * size, reads: [size], writes: [4 * size] },
    backward: { arithmetic: (4 + 4) * 4 * size, read: 4 * size, written: size },
    saves: {},
  },
]
