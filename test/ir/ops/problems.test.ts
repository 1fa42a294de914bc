import { describe, expect, it } from 'vitest'
import { shapes } from '../../../src/diagnostics/catalogue/shapes.ts'
import type { ArgumentValues } from '../../../src/ir/ops/definition.ts'
import { refused, textOf, type Shape } from './support.ts'

type Case = readonly [name: string, given: ArgumentValues, inputs: readonly Shape[], text: string]

const map: Shape = [64, 7, 7]

const cases: readonly Case[] = [
  [
    'conv',
    { channels: 0, kernel: 3 },
    [map],
    'E0301: `channels` must be a positive integer up to 2147483647, not 0',
  ],
  [
    'conv',
    { channels: NaN, kernel: 3 },
    [map],
    'E0301: `channels` must be a positive integer up to 2147483647, not NaN',
  ],
  [
    'conv',
    { channels: 8, kernel: [3, 3, 3] },
    [map],
    'E0301: `kernel` must be a positive integer or [height, width], each up to 65535, not [3, 3, 3]',
  ],
  [
    'conv',
    { channels: 8, kernel: 3, stride: -1 },
    [map],
    'E0301: `stride` must be a positive integer or [height, width], each up to 65535, not -1',
  ],
  [
    'conv',
    { channels: 8, kernel: 3, padding: 'sane' },
    [map],
    'E0301: `padding` must be "same", "same_tf", "valid", a non-negative integer, [height, width] or [top, right, bottom, left], not "sane"',
  ],
  [
    'conv',
    { channels: 8, kernel: 3 },
    [[64]],
    'E0302: `conv` takes a map (channels x height x width), this is a vector of 64\nhelp: use it before the map is flattened, or `reshape([64, 1, 1])` first',
  ],
  [
    'linear',
    { features: 10 },
    [map],
    'E0302: `linear` takes a vector, this is a map of 64 x 7 x 7\nhelp: `global_avg_pool -> linear(...)` takes the mean of each channel, `flatten -> linear(...)` every pixel',
  ],
  [
    'conv',
    { channels: 8, kernel: 9, padding: [0, 1] },
    [map],
    "E0303: the window of `conv` does not fit: it spans 9, the input's height is 7 without padding\nhelp: the height must be at least 9 here: use a larger input, fewer strides before, a smaller kernel or more padding",
  ],
  [
    'max_pool',
    { kernel: [3, 9], padding: 0 },
    [map],
    "E0303: the window of `max_pool` does not fit: it spans 9, the input's width is 7 without padding\nhelp: the width must be at least 9 here: use a larger input, fewer strides before, a smaller kernel or more padding",
  ],
  [
    'conv',
    { channels: 96, kernel: 3, groups: 12 },
    [map],
    'E0304: 12 groups do not divide the 64 input channels of `conv`\nhelp: 8 or 16 would',
  ],
  [
    'conv',
    { channels: 100, kernel: 3, groups: 64 },
    [map],
    'E0304: 64 groups do not divide the 100 output channels of `conv`\nhelp: 4 would',
  ],
  [
    'channel_shuffle',
    { groups: 5 },
    [map],
    'E0304: 5 groups do not divide the 64 input channels of `channel_shuffle`\nhelp: 4 or 8 would',
  ],
  [
    'conv',
    { channels: 8, kernel: [3, 4] },
    [map],
    'E0305: padding "same" needs an odd kernel, this one is 3 x 4\nhelp: say how to pad: `padding: "valid"` for none, `"same_tf"` for TensorFlow\'s asymmetric rule, or [top, right, bottom, left]',
  ],
  ['add', {}, [map], 'E0306: `add` takes at least 2 tensors, not 1'],
  ['relu', {}, [map, map], 'E0306: `relu` takes 1 tensor, not 2'],
  [
    'space_to_depth',
    { block: 4 },
    [[3, 224, 230]],
    'E0307: `space_to_depth` cannot cut a width of 230 into blocks of 4: 230 is not a multiple of 4\nhelp: a width of 228 or 232 would be',
  ],
  [
    'depth_to_space',
    { block: 2 },
    [[3, 8, 8]],
    'E0308: `depth_to_space` makes blocks of 2 x 2 from 4 channels each, which do not divide 3\nhelp: 4 channels would do',
  ],
  [
    'pad',
    { padding: 7, mode: 'reflect' },
    [map],
    "E0309: `pad` reflects 7 at the edge, but the map's height is only 7\nhelp: reflection leaves out the edge itself, so the height must be at least 8",
  ],
  [
    'blur_pool',
    { stride: 2 },
    [[64, 2, 1]],
    "E0309: `blur_pool` reflects 1 at the edge, but the map's width is only 1\nhelp: reflection leaves out the edge itself, so the width must be at least 2",
  ],
  [
    'max_pool',
    { kernel: 2, padding: 2 },
    [map],
    'E0310: `max_pool` pads its height by 2, so that a window of 2 can lie in padding alone\nhelp: pad by less than 2',
  ],
  [
    'avg_pool',
    { kernel: 3, stride: 2, padding: 1, ceil: true },
    [[64, 8, 8]],
    'E0311: `avg_pool` cannot round its size up and count its padding: what `ceil` adds never counts\nhelp: give `count_padding: false`, or no `padding`, or no `ceil`',
  ],
  [
    'add',
    {},
    [
      [128, 56, 56],
      [64, 56, 56],
    ],
    'E0312: these tensors cannot be added: their channels differ\nhelp: give both the same channels: `conv(64, 1)` on the branch of 128 x 56 x 56, or `conv(128, 1)` on that of 64 x 56 x 56',
  ],
  [
    'mul',
    {},
    [
      [64, 56, 56],
      [64, 56, 28],
    ],
    'E0312: these tensors cannot be multiplied: their widths differ\nhelp: one branch has a width of 56, the other of 28: give both branches the same strides and paddings',
  ],
  [
    'add',
    {},
    [[64, 1, 1], [64]],
    'E0312: these tensors cannot be added: their ranks differ\nhelp: one is a map of 64 x 1 x 1, the other a vector of 64: `flatten` or `reshape` one of them',
  ],
  [
    'concat',
    {},
    [map, map, [8, 14, 7]],
    'E0313: these tensors cannot be concatenated: their heights differ (64 x 7 x 7 and 8 x 14 x 7)\nhelp: one branch has a height of 7, the other of 14: give both branches the same strides and paddings; `concat` joins channels, and all else must be equal',
  ],
  [
    'split',
    { sizes: [10, 20] },
    [map],
    'E0314: the sizes of `split` sum to 30, the input has 64 channels\nhelp: the last size would have to be 54',
  ],
  [
    'split',
    { parts: 3 },
    [map],
    'E0315: 64 channels do not split into 3 equal parts\nhelp: 2 or 4 parts would do; `split(sizes: [...])` makes unequal ones',
  ],
  [
    'split',
    {},
    [map],
    'E0316: `split` needs `parts` or `sizes`\nhelp: `split(2)` makes halves, `split(sizes: [32, 96])` unequal parts',
  ],
  [
    'split',
    { parts: 2, sizes: [32, 32] },
    [map],
    'E0316: `split` takes `parts` or `sizes`, not both\nhelp: `split(2)` makes halves, `split(sizes: [32, 96])` unequal parts',
  ],
  [
    'slice',
    { start: 8, end: 65 },
    [map],
    'E0317: the slice 8..65 reaches past the 64 channels of its input\nhelp: `start` counts from 0, `end` is left out and at most 64',
  ],
  [
    'slice',
    { start: 8, end: 8 },
    [map],
    'E0317: the slice 8..8 is empty\nhelp: `start` counts from 0, `end` is left out and at most 64',
  ],
  [
    'partial_conv',
    { ratio: 65 },
    [map],
    'E0318: `partial_conv` cannot convolve 0 of 64 channels (64 // 65)\nhelp: `ratio` is at most the channels, 64',
  ],
  [
    'reshape',
    { shape: [64, 7] },
    [map],
    'E0301: `shape` must be a list of one or three positive integers: [features] or [channels, height, width], not [64, 7]',
  ],
  ['reshape', { shape: [64] }, [map], 'E0319: 64 x 7 x 7 cannot become 64: that is 3136 elements against 64'],
  [
    'pad',
    { padding: 1e9 },
    [[64, 7, 7]],
    `E0320: the result of \`pad\` is 64 x 2000000007 x 2000000007: ${64 * 2000000007 ** 2} elements, the limit is ${2 ** 40}\nhelp: check the channels and the sizes that lead here`,
  ],
  [
    'linear',
    { features: 2 ** 30 },
    [[2 ** 30]],
    `E0320: the parameter of \`linear\` is 1073741824 x 1073741824: ${2 ** 60} elements, the limit is ${2 ** 40}\nhelp: check the channels and the sizes that lead here`,
  ],
  [
    'conv',
    { channels: 2 ** 18, kernel: 1 },
    [[2 ** 18, 2 ** 10, 2 ** 10]],
    `E0320: \`conv\` needs ${2 ** 56} multiply-accumulates, the limit is ${2 ** 53 - 1}\nhelp: check the channels and the sizes that lead here`,
  ],
  ['pad', { padding: 1, mode: 'edge' }, [map], 'E0301: `mode` must be "zero" or "reflect", not "edge"'],
  ['batch_norm', { eps: 0 }, [map], 'E0301: `eps` must be a positive, finite number, not 0'],
  ['layer_norm', { eps: Infinity }, [map], 'E0301: `eps` must be a positive, finite number, not Infinity'],
  ['batch_norm', { momentum: 1.5 }, [map], 'E0301: `momentum` must be a number from 0 to 1, not 1.5'],
  ['dropout', { rate: 1 }, [map], 'E0301: `rate` must be a number from 0 up to, but not including, 1, not 1'],
  ['leaky_relu', { slope: NaN }, [map], 'E0301: `slope` must be a finite number, not NaN'],
  [
    'abn',
    { activation: { name: 'conv', attributes: {} } },
    [map],
    'E0301: `activation` must be an activation or `none`, not `conv`',
  ],
  [
    'upsample',
    { factor: 0 },
    [map],
    'E0301: `factor` must be a positive integer or [height, width], each up to 65535, not 0',
  ],
  [
    'split',
    { parts: 2 ** 30 },
    [[2 ** 30]],
    'E0301: `parts` must be a positive integer up to 4096, not 1073741824',
  ],
]

describe('problems', () => {
  it.each(cases)('%s %j of %j', (name, given, inputs, text) => {
    expect(textOf(refused(name, given, ...inputs))).toBe(text)
  })

  it('cover the catalogue', () => {
    const seen = new Set(cases.map(([, , , text]) => text.slice(0, 5)))
    // No spelling leads to E0321, which `coverage.test.ts` has, and no source to E0322, which `verify.test.ts` has.
    expect([...seen, 'E0321', 'E0322'].sort()).toEqual(Object.keys(shapes).sort())
  })

  it('points at the argument or the input at fault', () => {
    expect(refused('conv', { channels: 8, kernel: 0 }, map).blame).toEqual({ argument: 'kernel' })
    expect(refused('concat', {}, map, map, [8, 14, 7]).blame).toEqual({ input: 2 })
    expect(refused('add', {}, map, [8]).blame).toEqual({ input: 1 })
  })
})
