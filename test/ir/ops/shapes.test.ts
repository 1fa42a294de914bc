import { describe, expect, it } from 'vitest'
import type { ArgumentValues } from '../../../src/ir/ops/definition.ts'
import { outputShapes, type Shape } from './support.ts'

type Case = readonly [
  name: string,
  given: ArgumentValues,
  inputs: readonly Shape[],
  outputs: readonly Shape[],
]

const leaky = { name: 'leaky_relu', attributes: { slope: 1e-3 } }

const cases: readonly Case[] = [
  ['conv', { channels: 64, kernel: 7, stride: 2 }, [[3, 224, 224]], [[64, 112, 112]]],
  ['conv', { channels: 8, kernel: [3, 5] }, [[3, 20, 30]], [[8, 20, 30]]],
  ['conv', { channels: 8, kernel: 3, padding: 'valid' }, [[3, 20, 30]], [[8, 18, 28]]],
  ['conv', { channels: 8, kernel: 4, stride: 4, padding: 0 }, [[3, 224, 224]], [[8, 56, 56]]],
  ['conv', { channels: 8, kernel: 2, padding: [0, 1, 1, 0] }, [[3, 9, 9]], [[8, 9, 9]]],
  ['conv', { channels: 8, kernel: 3, padding: [2, 1] }, [[3, 9, 9]], [[8, 11, 9]]],
  ['conv', { channels: 8, kernel: 3, stride: 2, padding: 'same_tf' }, [[3, 224, 225]], [[8, 112, 113]]],
  ['conv', { channels: 8, kernel: 3, dilation: 4 }, [[3, 9, 9]], [[8, 9, 9]]],
  ['conv', { channels: 12, kernel: 1, groups: 4 }, [[8, 9, 9]], [[12, 9, 9]]],
  ['depthwise_conv', { kernel: 5, stride: 2 }, [[32, 14, 14]], [[32, 7, 7]]],
  ['depthwise_conv', { kernel: 3, multiplier: 2 }, [[32, 14, 14]], [[64, 14, 14]]],
  ['partial_conv', {}, [[34, 14, 14]], [[34, 14, 14]]],
  ['linear', { features: 10 }, [[64]], [[10]]],
  ['linear', { features: 10, bias: false }, [[64, 1, 1]], [[10]]],
  ['batch_norm', {}, [[64, 7, 7]], [[64, 7, 7]]],
  ['batch_norm', { initial_scale: 0 }, [[64]], [[64]]],
  ['abn', { activation: leaky }, [[64, 7, 7]], [[64, 7, 7]]],
  ['layer_norm', {}, [[64, 7, 7]], [[64, 7, 7]]],
  ['relu', {}, [[64, 7, 7]], [[64, 7, 7]]],
  ['gelu', {}, [[64]], [[64]]],
  ['leaky_relu', { slope: 0.2 }, [[64]], [[64]]],
  ['max_pool', { kernel: 3, stride: 2, padding: 1 }, [[64, 112, 112]], [[64, 56, 56]]],
  ['max_pool', { kernel: 2 }, [[64, 7, 7]], [[64, 3, 3]]],
  ['max_pool', { kernel: 3, stride: 2, ceil: true }, [[64, 112, 112]], [[64, 56, 56]]],
  ['avg_pool', { kernel: 2, ceil: true }, [[64, 7, 8]], [[64, 4, 4]]],
  ['avg_pool', { kernel: 3, stride: 1, padding: 'same' }, [[64, 7, 8]], [[64, 7, 8]]],
  ['global_avg_pool', {}, [[64, 7, 8]], [[64, 1, 1]]],
  ['blur_pool', { stride: 2 }, [[64, 7, 8]], [[64, 4, 4]]],
  ['blur_pool', { stride: 1 }, [[64, 1, 1]], [[64, 1, 1]]],
  ['space_to_depth', { block: 4 }, [[3, 224, 448]], [[48, 56, 112]]],
  ['depth_to_space', { block: 2 }, [[12, 7, 8]], [[3, 14, 16]]],
  ['channel_shuffle', { groups: 3 }, [[12, 7, 8]], [[12, 7, 8]]],
  [
    'concat',
    {},
    [
      [12, 7, 8],
      [4, 7, 8],
      [1, 7, 8],
    ],
    [[17, 7, 8]],
  ],
  ['concat', {}, [[12], [4]], [[16]]],
  [
    'split',
    { parts: 3 },
    [[12, 7, 8]],
    [
      [4, 7, 8],
      [4, 7, 8],
      [4, 7, 8],
    ],
  ],
  [
    'split',
    { sizes: [5, 7] },
    [[12, 7, 8]],
    [
      [5, 7, 8],
      [7, 7, 8],
    ],
  ],
  ['slice', { start: 2, end: 5 }, [[12, 7, 8]], [[3, 7, 8]]],
  ['slice', { start: 2 }, [[12]], [[10]]],
  [
    'add',
    {},
    [
      [12, 7, 8],
      [12, 7, 8],
      [12, 7, 8],
    ],
    [[12, 7, 8]],
  ],
  [
    'mul',
    {},
    [
      [12, 7, 8],
      [12, 1, 1],
    ],
    [[12, 7, 8]],
  ],
  [
    'mul',
    {},
    [
      [1, 7, 8],
      [12, 7, 8],
    ],
    [[12, 7, 8]],
  ],
  [
    'add',
    {},
    [
      [12, 1, 1],
      [1, 7, 8],
    ],
    [[12, 7, 8]],
  ],
  ['scale', { initial: 1e-6 }, [[12, 7, 8]], [[12, 7, 8]]],
  ['pad', { padding: [1, 2, 3, 4] }, [[12, 7, 8]], [[12, 11, 14]]],
  ['pad', { padding: 3, mode: 'reflect' }, [[12, 4, 8]], [[12, 10, 14]]],
  ['upsample', { factor: [2, 3], mode: 'bilinear' }, [[12, 7, 8]], [[12, 14, 24]]],
  ['softmax', {}, [[12, 7, 8]], [[12, 7, 8]]],
  ['reshape', { shape: [4, 21, 8] }, [[12, 7, 8]], [[4, 21, 8]]],
  ['reshape', { shape: [672] }, [[12, 7, 8]], [[672]]],
  ['flatten', {}, [[12, 7, 8]], [[672]]],
  ['flatten', {}, [[12]], [[12]]],
  ['dropout', { rate: 0.2 }, [[12]], [[12]]],
  ['drop_path', { rate: 0 }, [[12, 7, 8]], [[12, 7, 8]]],
]

describe('shapes', () => {
  it.each(cases)('%s %j of %j gives %j', (name, given, inputs, outputs) => {
    expect(outputShapes(name, given, ...inputs)).toEqual(outputs)
  })
})
