import { activationValue, type CostCase } from './case.ts'

const map = [64, 28, 28]
const size = 64 * 28 * 28

export const normCases: readonly CostCase[] = [
  {
    title: 'batch_norm: one product and one sum an element; scale and shift a channel',
    use: ['batch_norm', {}, map],
    inference: { arithmetic: 2 * size + (3 + 2) * 64, reads: [size], writes: [size] },
    // Sums of x and x * x first, in a pass of their own; mean, variance, scale, shift and running statistics a channel.
    training: { arithmetic: (3 + 2) * size + (1 + 3 + 5 + 3 + 4) * 64, reads: [2 * size] },
    // Two passes over the gradient and the input.
    backward: { arithmetic: (4 + 5) * size + (1 + 1 + 3 + 1) * 64, read: 2 * 2 * size, written: size },
    saves: { inputs: [0], statistics: 2 * 64 },
  },
  {
    title: 'abn in place with leaky_relu: the output is all that is kept',
    use: ['abn', { activation: activationValue('leaky_relu', 0.01) }, map],
    inference: { arithmetic: (2 + 2) * size + 5 * 64, reads: [size], writes: [size] },
    training: { arithmetic: (5 + 2) * size + 16 * 64, reads: [2 * size] },
    // Undoes the activation (2 + 2) and the affine map (2), sums (3), combines (4); the first pass writes x and g anew.
    backward: { arithmetic: (2 + 2 + 2 + 3 + 4) * size + 3 * 64, read: 4 * size, written: 3 * size },
    saves: { outputs: [0], statistics: 2 * 64 },
  },
  {
    title: 'abn in place without an activation',
    use: ['abn', { activation: activationValue('none') }, map],
    inference: { arithmetic: 2 * size + 5 * 64, reads: [size], writes: [size] },
    training: { arithmetic: 5 * size + 16 * 64, reads: [2 * size] },
    backward: { arithmetic: (2 + 3 + 4) * size + 3 * 64, read: 4 * size, written: 3 * size },
    saves: { outputs: [0], statistics: 2 * 64 },
  },
  {
    title: 'abn with relu, which cannot be undone: keeps the input, and normalises it again',
    use: ['abn', { activation: activationValue('relu') }, map],
    inference: { arithmetic: (2 + 1) * size + 5 * 64, reads: [size], writes: [size] },
    training: { arithmetic: (5 + 1) * size + 16 * 64, reads: [2 * size] },
    backward: { arithmetic: (9 + 2 + 1) * size + 6 * 64, read: 4 * size, written: size },
    saves: { inputs: [0], statistics: 2 * 64 },
  },
  {
    title: 'abn with a leaky_relu of slope 0 cannot be undone either',
    use: ['abn', { activation: activationValue('leaky_relu', 0) }, map],
    inference: { arithmetic: (2 + 2) * size + 5 * 64, reads: [size], writes: [size] },
    training: { arithmetic: (5 + 2) * size + 16 * 64, reads: [2 * size] },
    backward: { arithmetic: (9 + 2 + 2) * size + 6 * 64, read: 4 * size, written: size },
    saves: { inputs: [0], statistics: 2 * 64 },
  },
  {
    title: 'layer_norm, over the channels of each of 28 x 28 positions',
    use: ['layer_norm', {}, map],
    inference: { arithmetic: (1 + 3 + 1 + 2) * size + 4 * 28 * 28, reads: [size], writes: [size] },
    backward: {
      arithmetic: (1 + 1 + 2 + 2 + 4 + 2 + 1) * size + 2 * 28 * 28,
      read: 2 * size,
      written: size,
    },
    saves: { inputs: [0] },
  },
  {
    title: 'softmax of a vector of 1000',
    use: ['softmax', {}, [1000]],
    inference: { arithmetic: 999 + 1000 + 1000 + 999 + 1000, reads: [1000], writes: [1000] },
    backward: { arithmetic: 1000 + 999 + 1000 + 1000, read: 2 * 1000, written: 1000 },
    saves: { outputs: [0] },
  },
  {
    title: 'softmax at each position of a map',
    use: ['softmax', {}, [10, 3, 4]],
    inference: { arithmetic: 12 * (9 + 10 + 10 + 9 + 10), reads: [120], writes: [120] },
    backward: { arithmetic: 12 * (10 + 9 + 10 + 10), read: 240, written: 120 },
    saves: { outputs: [0] },
  },
]
