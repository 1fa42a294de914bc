import type { ActivationName } from '../../../../src/ir/ops/activations.ts'
import type { CostCase } from './case.ts'

const map = [64, 28, 28]
const size = 64 * 28 * 28
const through = { reads: [size], writes: [size] }
/** The gradient and what was kept; one gradient. */
const back = { read: 2 * size, written: size }
const input = { inputs: [0] }
const output = { outputs: [0] }

interface Work {
  readonly forward: number
  readonly backward: number
  readonly saves: { readonly inputs: readonly number[] } | { readonly outputs: readonly number[] }
}

/** Elementary operations of an element, one by one, as counted by hand in the formulas. */
const activations: Readonly<Record<ActivationName, Work>> = {
  relu: { forward: 1, backward: 1, saves: output },
  relu6: { forward: 1 + 1, backward: 1 + 1, saves: input },
  leaky_relu: { forward: 1 + 1, backward: 1 + 1, saves: output },
  elu: { forward: 1 + 1 + 2, backward: 1 + 1 + 1, saves: output },
  sigmoid: { forward: 1 + 1 + 1 + 1, backward: 1 + 1 + 1, saves: output },
  tanh: { forward: 1, backward: 1 + 1 + 1, saves: output },
  silu: { forward: 4 + 1, backward: 4 + 5, saves: input },
  mish: { forward: 3 + 1 + 1, backward: 3 + 1 + 4 + 6, saves: input },
  gelu: { forward: 4 + 1, backward: 4 + 4 + 3, saves: input },
  hard_sigmoid: { forward: 1 + 2 + 1, backward: 2 + 1, saves: input },
  hard_swish: { forward: 4 + 1, backward: 2 + 3, saves: input },
}

export const pointwiseCases: readonly CostCase[] = [
  ...Object.entries(activations).map(([op, { forward, backward, saves }]): CostCase => ({
    title: op,
    use: [op, {}, map],
    inference: { arithmetic: forward * size, ...through },
    backward: { arithmetic: backward * size, ...back },
    saves,
  })),
  {
    title: 'add of two: gradients pass as they are',
    use: ['add', {}, map, map],
    inference: { arithmetic: size, reads: [size, size], writes: [size] },
    backward: {},
    saves: {},
  },
  {
    title: 'add of three, the last of them repeated at 28 * 28 positions: its gradient sums them',
    use: ['add', {}, map, map, [64, 1, 1]],
    inference: { arithmetic: 2 * size, reads: [size, size, 64], writes: [size] },
    backward: { arithmetic: 64 * (28 * 28 - 1), read: size, written: 64 },
    saves: {},
  },
  {
    title: 'mul of two: each gradient is a product with the other',
    use: ['mul', {}, map, map],
    inference: { arithmetic: size, reads: [size, size], writes: [size] },
    backward: { arithmetic: 2 * size, read: 4 * size, written: 2 * size },
    saves: { inputs: [0, 1] },
  },
  {
    title: 'mul with the gates of channel attention',
    use: ['mul', {}, map, [64, 1, 1]],
    inference: { arithmetic: size, reads: [size, 64], writes: [size] },
    backward: {
      arithmetic: 2 * size + 64 * (28 * 28 - 1),
      read: 2 * size + size + 64,
      written: size + 64,
    },
    saves: { inputs: [0, 1] },
  },
  {
    title: 'mul of three: each gradient takes two products',
    use: ['mul', {}, map, map, map],
    inference: { arithmetic: 2 * size, reads: [size, size, size], writes: [size] },
    backward: { arithmetic: 3 * 2 * size, read: (3 + 2 * 3) * size, written: 3 * size },
    saves: { inputs: [0, 1, 2] },
  },
  {
    title: 'scale: g * weight, and the sum of g * x for each factor',
    use: ['scale', { initial: 1 }, map],
    inference: { arithmetic: size, ...through },
    backward: { arithmetic: (1 + 1 + 1) * size, read: (1 + 2) * size, written: size },
    saves: input,
  },
  {
    title: 'dropout: nothing but in training',
    use: ['dropout', { rate: 0.2 }, [1280]],
    inference: { reads: [0], writes: [0] },
    training: { arithmetic: 2 * 1280, reads: [1280], writes: [1280] },
    backward: { arithmetic: 1280, read: 1280, written: 1280 },
    saves: { mask: 1280 },
  },
  {
    title: 'drop_path: one draw an image',
    use: ['drop_path', { rate: 0.2 }, map],
    inference: { reads: [0], writes: [0] },
    training: { arithmetic: 1 + size, ...through },
    backward: { arithmetic: size, read: size, written: size },
    saves: { mask: 1 },
  },
]
