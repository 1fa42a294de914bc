import {
  add as tfAdd,
  fused,
  mul as tfMul,
  reshape,
  softmax as tfSoftmax,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core'
import type { AttributesOf } from '../../../ir/ops/index.ts'
import type { Kernel, Site } from '../kernel.ts'
import { linearMatrix } from '../weights.ts'
import { channelsOf, first, parameterVector } from './maps.ts'

/** Broadcasting of [C, 1, 1] and [1, H, W] against [C, H, W] is tfjs's own, in either layout. */
const folded =
  (combine: (a: Tensor, b: Tensor) => Tensor): Kernel =>
  () =>
  (inputs) =>
    inputs.reduce(combine)

export const add = folded((a, b) => tfAdd(a, b))
export const mul = folded((a, b) => tfMul(a, b))

/** Learned factor per channel. */
export const scale: Kernel<AttributesOf<'scale'>> = (site) => {
  const factors = parameterVector(site, 'weight', channelsOf(site.inputs[0]))
  return (inputs) => tfMul(first(inputs), factors)
}

export const softmax: Kernel = () => (inputs) => tfSoftmax(first(inputs))

/** Takes [F] and [F, 1, 1], which are the same elements in the same order. */
export const linear: Kernel<AttributesOf<'linear'>> = (site) => {
  const { features, bias } = site.attributes
  const width = channelsOf(site.inputs[0])
  const b = matrixOf(site, width, features)
  const offset = bias ? parameterVector(site, 'bias', features) : undefined
  return (given) => {
    const a: Tensor2D = reshape(first(given), [-1, width])
    return fused.matMul({ a, b, ...(offset ? { bias: offset } : {}) })
  }
}

const matrixOf = (
  { parameter, constant }: Pick<Site, 'parameter' | 'constant'>,
  width: number,
  features: number,
): Tensor2D => constant([width, features], () => linearMatrix(parameter('weight'), features, width))
