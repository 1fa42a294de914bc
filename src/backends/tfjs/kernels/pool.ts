import {
  avgPool as tfAvgPool,
  depthwiseConv2d,
  maxPool as tfMaxPool,
  mirrorPad,
  pad,
  tensor4d,
  type Tensor4D,
} from '@tensorflow/tfjs-core'
import type { AttributesOf } from '../../../ir/ops/index.ts'
import type { Kernel } from '../kernel.ts'
import { asMap, channelsOf, explicit, sizeOf } from './maps.ts'
import { identity } from './shape.ts'

/** Padding counts as -infinity, in tfjs as in the IR. */
export const maxPool: Kernel<AttributesOf<'max_pool'>> = ({ attributes }) => {
  const [kernel, stride] = window(attributes)
  const padding = explicit(attributes.padding)
  return ([x]) => tfMaxPool(asMap(x), kernel, stride, padding)
}

/** tfjs divides by the elements inside the map; where padding counts, it is made part of the map first. */
export const avgPool: Kernel<AttributesOf<'avg_pool'>> = ({ attributes }) => {
  const [kernel, stride] = window(attributes)
  const padding = explicit(attributes.padding)
  if (!attributes.count_padding) return ([x]) => tfAvgPool(asMap(x), kernel, stride, padding)
  return ([x]) => tfAvgPool(pad(asMap(x), padding), kernel, stride, 'valid')
}

/** One window over the whole map: faster than a mean over two axes, which moves the channels first. */
export const globalAvgPool: Kernel = ({ inputs }) => {
  const size = sizeOf(inputs[0])
  return ([x]) => tfAvgPool(asMap(x), size, 1, 'valid')
}

/** [1, 2, 1] x [1, 2, 1] / 16, height first. */
const binomial = [1, 2, 1, 2, 4, 2, 1, 2, 1].map((tap) => tap / 16)

/** Anti-aliasing before a stride (Zhang 2019, arXiv:1904.11486); without a stride it is the identity. */
export const blurPool: Kernel<AttributesOf<'blur_pool'>> = (site) => {
  const { attributes, inputs, keep } = site
  const [height, width] = attributes.stride
  if (height === 1 && width === 1) return identity(site)
  const channels = channelsOf(inputs[0])
  const values = Float32Array.from(
    { length: 9 * channels },
    (_, i) => binomial[Math.floor(i / channels)] ?? 0,
  )
  const filter: Tensor4D = keep(tensor4d(values, [3, 3, channels, 1]))
  const padding = explicit([1, 1, 1, 1])
  return ([x]) => depthwiseConv2d(mirrorPad(asMap(x), padding, 'reflect'), filter, [height, width], 'valid')
}

type Pair = [number, number]

function window(attributes: AttributesOf<'max_pool'>): [kernel: Pair, stride: Pair] {
  const { kernel, stride } = attributes
  return [
    [kernel[0], kernel[1]],
    [stride[0], stride[1]],
  ]
}
