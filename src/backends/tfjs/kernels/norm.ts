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
import type { Kernel, Site } from '../kernel.ts'
import { normAffine, type NormAffine } from '../weights.ts'
import { activationNamed, type Activation } from './activations.ts'
import { asMap, channelsOf, first, parameterVector } from './maps.ts'

/** Inference form: running statistics, folded into one scale and shift per channel. */
export const batchNorm: Kernel<AttributesOf<'batch_norm'>> = (site) => {
  const normalise = runningNorm(site, site.attributes.eps)
  return (inputs) => normalise(first(inputs))
}

/** Batch norm and activation in one operator (Rota Bulo et al. 2018, arXiv:1712.02616). */
export const abn: Kernel<AttributesOf<'abn'>> = (site) => {
  const { eps, activation, slope } = site.attributes
  const normalise = runningNorm(site, eps)
  const activate = activationNamed(activation, slope, site)
  if (!activate) return (inputs) => normalise(first(inputs))
  return (inputs) => activate(normalise(first(inputs)))
}

type NormSite = Pick<Site, 'parameter' | 'inputs' | 'constant' | 'capabilities'>

function runningNorm(site: NormSite, eps: number): Activation {
  const isMap = site.inputs[0]?.shape.length === 3
  const asConvolution = site.capabilities.affineAsDepthwise && isMap
  return asConvolution ? affineByDepthwise(site, eps) : affineByArithmetic(site, eps)
}

function affineByArithmetic(site: NormSite, eps: number): Activation {
  const channels = channelsOf(site.inputs[0])
  const factor: Tensor1D = affineConstant(site, eps, 'scale', [channels])
  const offset: Tensor1D = affineConstant(site, eps, 'shift', [channels])
  return (x) => add(mul(x, factor), offset)
}

function affineByDepthwise(site: NormSite, eps: number): Activation {
  const channels = channelsOf(site.inputs[0])
  const filter: Tensor4D = affineConstant(site, eps, 'scale', [1, 1, channels, 1])
  const bias: Tensor1D = affineConstant(site, eps, 'shift', [channels])
  return (x) => fused.depthwiseConv2d({ x: asMap(x), filter, strides: 1, pad: 'valid', bias })
}

const affineConstant = <R extends Rank>(
  { constant, parameter }: NormSite,
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
export const layerNorm: Kernel<AttributesOf<'layer_norm'>> = (site) => {
  const channels = channelsOf(site.inputs[0])
  const weight = parameterVector(site, 'weight', channels)
  const bias = parameterVector(site, 'bias', channels)
  const { eps } = site.attributes
  return (inputs) => {
    const x = first(inputs)
    const centred = sub(x, mean(x, -1, true))
    const variance = mean(square(centred), -1, true)
    return add(mul(mul(centred, rsqrt(add(variance, eps))), weight), bias)
  }
}
