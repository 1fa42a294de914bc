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
import type { StepBuilder, StepContext } from '../step.ts'
import { linearMatrix } from '../weights.ts'
import { channelsOf, first, parameterVector } from './maps.ts'

/** Broadcasting of [C, 1, 1] and [1, H, W] against [C, H, W] is tfjs's own, in either layout. */
const folded =
  (combine: (a: Tensor, b: Tensor) => Tensor): StepBuilder =>
  () =>
  (inputs) =>
    inputs.reduce(combine)

const add = folded((a, b) => tfAdd(a, b))
const mul = folded((a, b) => tfMul(a, b))

/** Learned factor per channel. */
const scale: StepBuilder<AttributesOf<'scale'>> = (context) => {
  const factors = parameterVector(context, 'weight', channelsOf(context.inputs[0]))
  return (inputs) => tfMul(first(inputs), factors)
}

const softmax: StepBuilder = () => (inputs) => tfSoftmax(first(inputs))

/** Takes [F] and [F, 1, 1], which are the same elements in the same order. */
const linear: StepBuilder<AttributesOf<'linear'>> = (context) => {
  const { features, bias } = context.attributes
  const width = channelsOf(context.inputs[0])
  const b = matrixOf(context, width, features)
  const offset = bias ? parameterVector(context, 'bias', features) : undefined
  return (given) => {
    const a: Tensor2D = reshape(first(given), [-1, width])
    return fused.matMul({ a, b, ...(offset ? { bias: offset } : {}) })
  }
}

const matrixOf = (
  { parameter, constant }: Pick<StepContext, 'parameter' | 'constant'>,
  width: number,
  features: number,
): Tensor2D => constant([width, features], () => linearMatrix(parameter('weight'), features, width))

/** Sums, products and what is made of them. */
export const arithmeticBuilders = { add, linear, mul, scale, softmax }
