import type { AttributesOf } from '../../src/ir/ops/index.ts'

const conv = (changes: Partial<AttributesOf<'conv'>>): AttributesOf<'conv'> => ({
  channels: 4,
  kernel: [3, 3],
  stride: [1, 1],
  padding: [1, 1, 1, 1],
  dilation: [1, 1],
  groups: 1,
  bias: false,
  ...changes,
})

const map = [3, 5, 7]

/** Dense, depthwise and grouped; every side, axis and stride differs somewhere. */
export const convCases: readonly {
  note?: string
  attributes: AttributesOf<'conv'>
  inputs: readonly number[][]
}[] = [
  { attributes: conv({}), inputs: [map] },
  { attributes: conv({ bias: true, channels: 5 }), inputs: [map] },
  { attributes: conv({ kernel: [1, 1], padding: [0, 0, 0, 0] }), inputs: [map] },
  {
    attributes: conv({ kernel: [1, 1], padding: [0, 0, 0, 0], stride: [2, 2], bias: true }),
    inputs: [map],
  },
  { attributes: conv({ kernel: [1, 1], padding: [1, 0, 2, 3] }), inputs: [map] },
  { attributes: conv({ stride: [2, 2], padding: [0, 1, 1, 0] }), inputs: [map] },
  { attributes: conv({ stride: [2, 1], padding: [2, 0, 1, 3] }), inputs: [map] },
  { attributes: conv({ kernel: [2, 5], stride: [1, 3], padding: [1, 4, 0, 2] }), inputs: [map] },
  { attributes: conv({ kernel: [5, 1], padding: [2, 0, 2, 0] }), inputs: [map] },
  { note: 'padding beyond the kernel', attributes: conv({ padding: [4, 3, 5, 4] }), inputs: [[2, 2, 3]] },
  {
    note: 'a kernel larger than the map',
    attributes: conv({ kernel: [5, 5], padding: [3, 3, 3, 3] }),
    inputs: [[2, 2, 2]],
  },
  { attributes: conv({ dilation: [2, 3], padding: [2, 3, 2, 3] }), inputs: [map] },
  {
    attributes: conv({ dilation: [2, 2], stride: [2, 1], padding: [2, 1, 0, 2], bias: true }),
    inputs: [map],
  },
  { note: 'depthwise', attributes: conv({ channels: 3, groups: 3 }), inputs: [map] },
  { attributes: conv({ channels: 3, groups: 3, stride: [2, 2], bias: true }), inputs: [map] },
  { attributes: conv({ channels: 3, groups: 3, stride: [1, 2], padding: [2, 0, 1, 2] }), inputs: [map] },
  {
    attributes: conv({ channels: 3, groups: 3, kernel: [5, 5], stride: [2, 2], padding: [2, 2, 2, 2] }),
    inputs: [map],
  },
  { attributes: conv({ channels: 3, groups: 3, kernel: [7, 2], padding: [3, 1, 3, 0] }), inputs: [map] },
  { attributes: conv({ channels: 3, groups: 3, kernel: [1, 1], padding: [0, 0, 0, 0] }), inputs: [map] },
  { attributes: conv({ channels: 3, groups: 3, dilation: [2, 2], padding: [2, 2, 2, 2] }), inputs: [map] },
  {
    attributes: conv({ channels: 3, groups: 3, dilation: [2, 3], stride: [2, 2], padding: [2, 3, 2, 3] }),
    inputs: [map],
  },
  { note: 'depthwise with a multiplier', attributes: conv({ channels: 6, groups: 3 }), inputs: [map] },
  {
    attributes: conv({ channels: 9, groups: 3, stride: [2, 2], bias: true, padding: [0, 1, 1, 0] }),
    inputs: [map],
  },
  { note: 'one channel', attributes: conv({ channels: 4, groups: 1 }), inputs: [[1, 4, 4]] },
  { note: 'grouped', attributes: conv({ channels: 8, groups: 2 }), inputs: [[4, 5, 7]] },
  { attributes: conv({ channels: 6, groups: 2, bias: true, stride: [2, 1] }), inputs: [[4, 5, 7]] },
  {
    attributes: conv({ channels: 4, groups: 4, kernel: [1, 1], padding: [0, 0, 0, 0], bias: true }),
    inputs: [[8, 3, 3]],
  },
  {
    note: 'merged groups',
    attributes: conv({ channels: 48, groups: 24, bias: true }),
    inputs: [[96, 3, 4]],
  },
  { attributes: conv({ channels: 128, groups: 32, stride: [2, 2] }), inputs: [[128, 4, 5]] },
  {
    attributes: conv({ channels: 10, groups: 5, dilation: [2, 2], stride: [2, 2], padding: [2, 2, 2, 2] }),
    inputs: [[35, 5, 5]],
  },
]
