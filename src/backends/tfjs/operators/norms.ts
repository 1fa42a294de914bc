import {
  add,
  fused,
  mean,
  mul,
  rsqrt,
  square,
  sub,
  type Rank,
  type ShapeMap,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from '@tensorflow/tfjs-core'
import type { AttributesOf } from '../../../ir/ops/index.ts'
import type { StepBuilder, StepContext } from '../step.ts'
import { normAffine, type NormAffine } from '../weights.ts'
import { activationFunction, type ElementwiseFunction } from './activations.ts'
import { asMap, channelsOf, first, parameterVector } from './maps.ts'

/** Inference form: running statistics, folded into one scale and shift per channel. */
const batchNorm: StepBuilder<AttributesOf<'batch_norm'>> = (context) => {
  const normalise = runningNorm(context, context.attributes.eps)
  return (inputs) => normalise(first(inputs))
}

/** Batch norm and activation in one operator (Rota Bulo et al. 2018, arXiv:1712.02616). */
const abn: StepBuilder<AttributesOf<'abn'>> = (context) => {
  const { eps, activation, slope } = context.attributes
  const normalise = runningNorm(context, eps)
  const activate = activationFunction({ name: activation, slope }, context)
  if (!activate) return (inputs) => normalise(first(inputs))
  return (inputs) => activate(normalise(first(inputs)))
}

type NormContext = Pick<StepContext, 'parameter' | 'inputs' | 'constant' | 'capabilities'>

function runningNorm(context: NormContext, eps: number): ElementwiseFunction {
  const isMap = context.inputs[0]?.shape.length === 3
  const asConvolution = context.capabilities.affineAsDepthwise && isMap
  return asConvolution ? affineByDepthwise(context, eps) : affineByArithmetic(context, eps)
}

function affineByArithmetic(context: NormContext, eps: number): ElementwiseFunction {
  const channels = channelsOf(context.inputs[0])
  const factor: Tensor1D = affineConstant(context, eps, 'scale', [channels])
  const offset: Tensor1D = affineConstant(context, eps, 'shift', [channels])
  return (x) => add(mul(x, factor), offset)
}

function affineByDepthwise(context: NormContext, eps: number): ElementwiseFunction {
  const channels = channelsOf(context.inputs[0])
  const filter: Tensor4D = affineConstant(context, eps, 'scale', [1, 1, channels, 1])
  const bias: Tensor1D = affineConstant(context, eps, 'shift', [channels])
  return (x) => fused.depthwiseConv2d({ x: asMap(x), filter, strides: 1, pad: 'valid', bias })
}

const affineConstant = <R extends Rank>(
  { constant, parameter }: NormContext,
  eps: number,
  term: keyof NormAffine,
  shape: ShapeMap[R],
): Tensor<R> =>
  constant(shape, () => {
    const norm = {
      weight: parameter('weight'),
      bias: parameter('bias'),
      mean: parameter('running_mean'),
      variance: parameter('running_var'),
    }
    return normAffine(norm, eps)[term]
  })

/** Over the channels of each position (Ba et al. 2016, arXiv:1607.06450); they are the last axis here. */
const layerNorm: StepBuilder<AttributesOf<'layer_norm'>> = (context) => {
  const channels = channelsOf(context.inputs[0])
  const weight = parameterVector(context, 'weight', channels)
  const bias = parameterVector(context, 'bias', channels)
  const { eps } = context.attributes
  return (inputs) => {
    const x = first(inputs)
    const centred = sub(x, mean(x, -1, true))
    const variance = mean(square(centred), -1, true)
    return add(mul(mul(centred, rsqrt(add(variance, eps))), weight), bias)
  }
}

/** Norms, in their inference form. */
export const normBuilders = { abn, batch_norm: batchNorm, layer_norm: layerNorm }
