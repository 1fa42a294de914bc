import type { CostCase } from './case.ts'

const map = [64, 28, 28]
const size = 64 * 28 * 28
const moved = {
  inference: { reads: [size], writes: [size] },
  backward: { read: size, written: size },
  saves: {},
}
const looked = { inference: { reads: [0], writes: [0] }, backward: {}, saves: {} }

export const movementCases: readonly CostCase[] = [
  {
    title: 'concat moves every element; the gradients are looked at where they lie',
    use: ['concat', {}, map, [32, 28, 28]],
    inference: { reads: [size, 32 * 28 * 28], writes: [96 * 28 * 28] },
    backward: {},
    saves: {},
  },
  { title: 'space_to_depth', use: ['space_to_depth', { block: 2 }, map], ...moved },
  { title: 'depth_to_space', use: ['depth_to_space', { block: 2 }, map], ...moved },
  { title: 'channel_shuffle', use: ['channel_shuffle', { groups: 2 }, map], ...moved },
  {
    title: 'pad with zeros, which take no gradient',
    use: ['pad', { padding: 1 }, map],
    inference: { reads: [size], writes: [64 * 30 * 30] },
    backward: { read: size, written: size },
    saves: {},
  },
  {
    title: 'pad by reflection: gradients of the frame are added to where it came from',
    use: ['pad', { padding: 1, mode: 'reflect' }, map],
    inference: { reads: [size], writes: [64 * 30 * 30] },
    backward: { arithmetic: 64 * (30 * 30 - 28 * 28), read: 64 * 30 * 30, written: size },
    saves: { inputs: [0] },
  },
  { title: 'flatten is a view', use: ['flatten', {}, map], ...looked },
  { title: 'reshape is a view', use: ['reshape', { shape: [28, 64, 28] }, map], ...looked },
  {
    title: 'slice is a view, whose gradient is laid into zeros',
    use: ['slice', { start: 0, end: 16 }, map],
    inference: { reads: [0], writes: [0] },
    backward: { read: 16 * 28 * 28, written: size },
    saves: {},
  },
  {
    title: 'split is a view, whose gradients are joined',
    use: ['split', { sizes: [16, 48] }, map],
    inference: { reads: [0], writes: [0, 0] },
    backward: { read: size, written: size },
    saves: {},
  },
]
