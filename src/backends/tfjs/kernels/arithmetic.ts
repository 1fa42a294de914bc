import {
  add as tfAdd,
  fused,
  mul as tfMul,
  reshape,
  softmax as tfSoftmax,
  tensor1d,
  tensor2d,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core'
import type { AttributesOf } from '../../../ir/ops/index.ts'
import type { Kernel } from '../kernel.ts'
import { linearMatrix } from '../weights.ts'
import { channelsOf, first } from './maps.ts'

/** Broadcasting of [C, 1, 1] and [1, H, W] against [C, H, W] is tfjs's own, in either layout. */
const folded =
  (combine: (a: Tensor, b: Tensor) => Tensor): Kernel =>
  () =>
  (inputs) =>
    inputs.reduce(combine)

export const add = folded((a, b) => tfAdd(a, b))
export const mul = folded((a, b) => tfMul(a, b))

/** Learned factor per channel. */
export const scale: Kernel<AttributesOf<'scale'>> = ({ parameter, keep }) => {
  const factors: Tensor = keep(tensor1d(parameter('weight')))
  return (inputs) => tfMul(first(inputs), factors)
}

export const softmax: Kernel = () => (inputs) => tfSoftmax(first(inputs))

/** Takes [F] and [F, 1, 1], which are the same elements in the same order. */
export const linear: Kernel<AttributesOf<'linear'>> = ({ attributes, inputs, parameter, keep }) => {
  const { features, bias } = attributes
  const width = channelsOf(inputs[0])
  const b: Tensor2D = keep(tensor2d(linearMatrix(parameter('weight'), features, width), [width, features]))
  const offset: Tensor1D | undefined = bias ? keep(tensor1d(parameter('bias'))) : undefined
  return (given) => {
    const a: Tensor2D = reshape(first(given), [-1, width])
    return fused.matMul({ a, b, ...(offset ? { bias: offset } : {}) })
  }
}
