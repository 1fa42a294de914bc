import {
  avgPool as tfAvgPool,
  depthwiseConv2d,
  maxPool as tfMaxPool,
  mirrorPad,
  mul,
  pad,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core'
import type { AttributesOf } from '../../../ir/ops/index.ts'
import type { StepBuilder, StepContext } from '../step.ts'
import { averageCorrection } from '../weights.ts'
import { asMap, channelsOf, explicit, mapSizeOf } from './maps.ts'
import { identity } from './rearrangements.ts'

/** Padding counts as -infinity, in tfjs as in the IR. */
const maxPool: StepBuilder<AttributesOf<'max_pool'>> = ({ attributes, capabilities }) => {
  const [kernel, stride] = window(attributes)
  const padding = explicit(attributes.padding)
  if (capabilities.paddedPools || !isPadded(attributes))
    return ([x]) => tfMaxPool(asMap(x), kernel, stride, padding)
  return ([x]) => tfMaxPool(pad(asMap(x), padding, -Infinity), kernel, stride, 'valid')
}

/** tfjs divides by the elements inside the map; where padding counts, it is made part of the map first. */
const avgPool: StepBuilder<AttributesOf<'avg_pool'>> = (context) => {
  const { attributes, capabilities } = context
  const [kernel, stride] = window(attributes)
  const padding = explicit(attributes.padding)
  const padded = (x: Tensor4D): Tensor4D => tfAvgPool(pad(x, padding), kernel, stride, 'valid')
  if (!isPadded(attributes)) return ([x]) => tfAvgPool(asMap(x), kernel, stride, 'valid')
  if (attributes.count_padding) return ([x]) => padded(asMap(x))
  if (capabilities.paddedPools) return ([x]) => tfAvgPool(asMap(x), kernel, stride, padding)
  const correction = correctionOf(context)
  return ([x]) => mul(padded(asMap(x)), correction)
}

/** What averages that counted padding are multiplied with to take it out again, per position. */
function correctionOf({
  attributes,
  inputs,
  outputs,
  constant,
}: StepContext<AttributesOf<'avg_pool'>>): Tensor3D {
  const size = mapSizeOf(outputs[0])
  return constant([...size, 1], () => averageCorrection(mapSizeOf(inputs[0]), size, attributes))
}

const isPadded = ({ padding }: AttributesOf<'max_pool'>): boolean => Math.max(...padding) > 0

/** One window over the whole map: faster than a mean over two axes, which moves the channels first. */
const globalAvgPool: StepBuilder = ({ inputs }) => {
  const size = mapSizeOf(inputs[0])
  return ([x]) => tfAvgPool(asMap(x), size, 1, 'valid')
}

/** [1, 2, 1] x [1, 2, 1] / 16, height first. */
const binomial = [1, 2, 1, 2, 4, 2, 1, 2, 1].map((tap) => tap / 16)

const blurValues = (channels: number): Float32Array =>
  Float32Array.from({ length: 9 * channels }, (_, i) => binomial[Math.floor(i / channels)] ?? 0)

/** Anti-aliasing before a stride (Zhang 2019, arXiv:1904.11486); without a stride it is the identity. */
const blurPool: StepBuilder<AttributesOf<'blur_pool'>> = (context) => {
  const { attributes, inputs, constant } = context
  const [height, width] = attributes.stride
  if (height === 1 && width === 1) return identity(context)
  const channels = channelsOf(inputs[0])
  const filter: Tensor4D = constant([3, 3, channels, 1], () => blurValues(channels))
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

/** Operators over windows. */
export const poolBuilders = {
  avg_pool: avgPool,
  blur_pool: blurPool,
  global_avg_pool: globalAvgPool,
  max_pool: maxPool,
}
