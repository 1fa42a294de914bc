import { describe, expect, it } from 'vitest'
import { forForeignName } from '../../src/diagnostics/catalogue/foreign-names.ts'
import { builtinNames } from '../../src/elaborate/helpers.ts'
import { checkProgram } from '../../src/elaborate/elaborate.ts'
import { loadProgram } from '../../src/project/load.ts'
import { hostOf } from '../support/host.ts'

const helpsIn = (text: string) =>
  checkProgram(loadProgram('net.arch', hostOf({ 'net.arch': text }))).map(({ code, help }) => [code, help])

describe('names of frameworks', () => {
  it.each([
    ['bn', 'batch_norm'],
    ['BatchNorm2d', 'batch_norm'],
    ['Conv2d', 'conv'],
    ['fc', 'linear'],
    ['Dense', 'linear'],
    ['GlobalAveragePooling2D', 'global_avg_pool'],
    ['gap', 'global_avg_pool'],
    ['dropout2d', 'dropout'],
    ['ReLU', 'relu'],
    ['ReLU6', 'relu6'],
    ['swish', 'silu'],
    ['hswish', 'hard_swish'],
    ['MaxPool2D', 'max_pool'],
    ['cat', 'concat'],
    ['interpolate', 'upsample'],
    ['make_divisible', 'round_to'],
    ['None', 'none'],
  ])('%s is %s', (foreign, name) => {
    expect(forForeignName(foreign)).toMatch(new RegExp(`^it is called \`${name}\` here(: |$)`))
    expect(builtinNames).toContain(name)
  })

  it.each([
    ['range', '`0..n`'],
    ['pixel_shuffle', '(dy * block + dx) * C + c'],
    ['PReLU', '`leaky_relu`'],
    ['GroupNorm', '`layer_norm`'],
    ['True', '`true`'],
    // Arguments that are not the same, or not in the same order.
    ['adaptive_avg_pool', 'for an output of 1'],
    ['AdaptiveAvgPool2d', 'nothing pools to another size'],
    ['AdaptiveMaxPool2d', 'for an output of 1'],
    ['Conv2d', 'padding is "same" where none is given, not 0'],
    ['Conv2d', '`conv(channels, kernel, stride)`; input channels are not given'],
    ['Conv3d', 'a height and a width'],
    ['BatchNorm2d', 'without a number of channels'],
    ['LayerNorm', "`eps` is 1e-6, PyTorch's is 1e-5"],
    ['LeakyReLU', '`leaky_relu(0.1)`'],
    ['ZeroPad2d', 'left, right, top, bottom'],
    ['Upsample', 'align_corners=False'],
    ['interpolate', 'none resizes to a given size'],
    ['GELU', "`approximate='tanh'` is another function"],
    ['ConvTranspose2d', 'another layer with other weights'],
    ['view', 'without -1'],
    ['SeparableConv2D', '`depthwise_conv(3, bias: false) -> conv(channels, 1)`'],
    ['LayerScale', 'begins with 1'],
  ])('%s has advice', (foreign, text) => expect(forForeignName(foreign)).toContain(text))

  it('are ours once the language has them, whatever was advised before', () => {
    expect(forForeignName('PReLU', 'relu')).toContain('no such activation')
    expect(forForeignName('PReLU', 'prelu')).toBe('it is called `prelu` here')
  })

  it('win over what merely looks alike', () => {
    const text = 'network net() {\n  input 3 x 8 x 8\n  b = 3\n  stem = bn -> rleu\n}'
    expect(helpsIn(text)).toEqual([
      ['E0201', expect.stringMatching(/^it is called `batch_norm` here: /)],
      ['E0201', 'did you mean `relu`?'],
    ])
  })
})

it('members that lists have elsewhere', () => {
  const text = 'network net() {\n  input 3 x 8 x 8\n  l = []\n  k = l.append(4)\n  stem = relu\n}'
  expect(helpsIn(text)).toEqual([
    ['E0412', '`len(list)` is the length of a list, `list + [item]` a longer one'],
  ])
})
