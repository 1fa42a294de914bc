import type { AttributesOf } from '../../ir/ops/index.ts'
import { at, build, dimensions } from './array.ts'
import type { Call, Oracle } from './oracle.ts'

export const conv: Oracle<AttributesOf<'conv'>> = ({ attributes, x, output, parameter }) => {
  const { channels, kernel, stride, padding, dilation, groups, bias } = attributes
  const [height, width] = kernel
  const inputs = dimensions(x)[0] / groups
  const weight = parameter('weight')
  const offset = bias ? parameter('bias') : undefined
  return build(output, (o, y, z) => {
    const group = Math.floor(o / (channels / groups))
    let sum = offset?.[o] ?? 0
    for (let i = 0; i < inputs; i++)
      for (let ky = 0; ky < height; ky++)
        for (let kx = 0; kx < width; kx++) {
          const row = y * stride[0] - padding[0] + ky * dilation[0]
          const column = z * stride[1] - padding[3] + kx * dilation[1]
          const tap = weight[((o * inputs + i) * height + ky) * width + kx] ?? NaN
          sum += tap * at(x, group * inputs + i, row, column)
        }
    return sum
  })
}

export const partialConv: Oracle<AttributesOf<'partial_conv'>> = (call) => {
  const { attributes, x, output } = call
  const { channels } = attributes
  const [, height, width] = dimensions(x)
  const part = { shape: [channels, height, width], data: x.data.subarray(0, channels * height * width) }
  const geometry = { stride: [1, 1], dilation: [1, 1], groups: 1 } as const
  const inner: Call<AttributesOf<'conv'>> = {
    ...call,
    x: part,
    attributes: { ...attributes, ...geometry },
    output: { ...output, shape: [channels, ...output.shape.slice(1)] },
  }
  const convolved = [conv(inner)].flat()[0]
  return build(output, (c, y, z) => (convolved && c < channels ? at(convolved, c, y, z) : at(x, c, y, z)))
}

export const linear: Oracle<AttributesOf<'linear'>> = ({ attributes, x, output, parameter }) => {
  const weight = parameter('weight')
  const offset = attributes.bias ? parameter('bias') : undefined
  return build(output, (o) =>
    x.data.reduce((sum, value, i) => sum + value * (weight[o * x.data.length + i] ?? NaN), offset?.[o] ?? 0),
  )
}
