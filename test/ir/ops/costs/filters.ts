import type { CostCase } from './case.ts'

/** Multiply-accumulates: a result takes in / groups * kernel area. The two gradients take as many each. */
export const filterCases: readonly CostCase[] = [
  {
    title: 'conv, dense',
    use: ['conv', { channels: 64, kernel: 3, bias: false }, [32, 28, 28]],
    inference: { macs: 64 * 28 * 28 * 32 * 9, reads: [32 * 28 * 28], writes: [64 * 28 * 28] },
    backward: {
      macs: 2 * 64 * 28 * 28 * 32 * 9,
      // The output's gradient for each of the two, and the input for that of the weights.
      read: 2 * 64 * 28 * 28 + 32 * 28 * 28,
      written: 32 * 28 * 28,
    },
    saves: { inputs: [0] },
  },
  {
    title: 'conv with a bias, which is added once a result and whose gradient sums all of them',
    use: ['conv', { channels: 64, kernel: 1, bias: true }, [32, 28, 28]],
    inference: {
      macs: 64 * 28 * 28 * 32,
      arithmetic: 64 * 28 * 28,
      reads: [32 * 28 * 28],
      writes: [64 * 28 * 28],
    },
    backward: {
      macs: 2 * 64 * 28 * 28 * 32,
      arithmetic: 64 * 28 * 28,
      read: 3 * 64 * 28 * 28 + 32 * 28 * 28,
      written: 32 * 28 * 28,
    },
    saves: { inputs: [0] },
  },
  {
    title: 'conv, strided: results of a quarter of the positions, gradients of all',
    use: ['conv', { channels: 16, kernel: 3, stride: 2, bias: false }, [8, 14, 14]],
    inference: { macs: 16 * 7 * 7 * 8 * 9, reads: [8 * 14 * 14], writes: [16 * 7 * 7] },
    backward: { macs: 2 * 16 * 7 * 7 * 8 * 9, read: 2 * 16 * 7 * 7 + 8 * 14 * 14, written: 8 * 14 * 14 },
    saves: { inputs: [0] },
  },
  {
    title: 'conv, grouped: each result sees the channels of its group',
    use: ['conv', { channels: 64, kernel: 3, groups: 4, bias: false }, [32, 28, 28]],
    inference: { macs: 64 * 28 * 28 * (32 / 4) * 9, reads: [32 * 28 * 28], writes: [64 * 28 * 28] },
    backward: {
      macs: 2 * 64 * 28 * 28 * (32 / 4) * 9,
      read: 2 * 64 * 28 * 28 + 32 * 28 * 28,
      written: 32 * 28 * 28,
    },
    saves: { inputs: [0] },
  },
  {
    title: 'conv, depthwise: nine products a result',
    use: ['depthwise_conv', { kernel: 3, bias: false }, [32, 28, 28]],
    inference: { macs: 32 * 28 * 28 * 9, reads: [32 * 28 * 28], writes: [32 * 28 * 28] },
    backward: { macs: 2 * 32 * 28 * 28 * 9, read: 3 * 32 * 28 * 28, written: 32 * 28 * 28 },
    saves: { inputs: [0] },
  },
  {
    title: 'linear',
    use: ['linear', { features: 1000, bias: true }, [512]],
    inference: { macs: 512 * 1000, arithmetic: 1000, reads: [512], writes: [1000] },
    backward: { macs: 2 * 512 * 1000, arithmetic: 1000, read: 3 * 1000 + 512, written: 512 },
    saves: { inputs: [0] },
  },
  {
    // FasterNet's equations: h * w * k^2 * c_p^2 multiply-accumulates, h * w * 2 * c_p elements moved.
    title: 'partial_conv touches the convolved channels only',
    use: ['partial_conv', { ratio: 4, kernel: 3 }, [40, 56, 56]],
    inference: { macs: 56 * 56 * 9 * 10 * 10, reads: [56 * 56 * 10], writes: [56 * 56 * 10] },
    backward: { macs: 2 * 56 * 56 * 9 * 10 * 10, read: 3 * 56 * 56 * 10, written: 56 * 56 * 10 },
    saves: { inputs: [0] },
  },
  {
    title: 'blur_pool: nine products with fixed weights, which need no gradient',
    use: ['blur_pool', { stride: 2 }, [128, 56, 56]],
    inference: { fixedMacs: 9 * 128 * 28 * 28, reads: [128 * 56 * 56], writes: [128 * 28 * 28] },
    backward: { fixedMacs: 9 * 128 * 28 * 28, read: 128 * 28 * 28, written: 128 * 56 * 56 },
    saves: {},
  },
]
