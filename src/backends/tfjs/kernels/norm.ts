import {
  add,
  fused,
  mean,
  mul,
  rsqrt,
  square,
  sub,
  tensor1d,
  tensor4d,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from '@tensorflow/tfjs-core'
import type { AttributesOf } from '../../../ir/ops/index.ts'
import type { Kernel, Site } from '../kernel.ts'
import { normAffine } from '../weights.ts'
import { activationNamed, type Activation } from './activations.ts'
import { asMap, first } from './maps.ts'

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

type NormSite = Pick<Site, 'parameter' | 'inputs' | 'keep' | 'capabilities'>

function runningNorm(site: NormSite, eps: number): Activation {
  const { scale, shift } = normAffine(
    {
      weight: site.parameter('weight'),
      bias: site.parameter('bias'),
      mean: site.parameter('running_mean'),
      variance: site.parameter('running_var'),
    },
    eps,
  )
  const isMap = site.inputs[0]?.shape.length === 3
  const asConvolution = site.capabilities.affineAsDepthwise && isMap
  return asConvolution ? affineByDepthwise(site, scale, shift) : affineByArithmetic(site, scale, shift)
}

function affineByArithmetic({ keep }: NormSite, scale: Float32Array, shift: Float32Array): Activation {
  const factor: Tensor = keep(tensor1d(scale))
  const offset: Tensor = keep(tensor1d(shift))
  return (x) => add(mul(x, factor), offset)
}

function affineByDepthwise({ keep }: NormSite, scale: Float32Array, shift: Float32Array): Activation {
  const filter: Tensor4D = keep(tensor4d(scale, [1, 1, scale.length, 1]))
  const bias: Tensor1D = keep(tensor1d(shift))
  return (x) => fused.depthwiseConv2d({ x: asMap(x), filter, strides: 1, pad: 'valid', bias })
}

/** Over the channels of each position (Ba et al. 2016, arXiv:1607.06450); they are the last axis here. */
export const layerNorm: Kernel<AttributesOf<'layer_norm'>> = (site) => {
  const weight: Tensor = site.keep(tensor1d(site.parameter('weight')))
  const bias: Tensor = site.keep(tensor1d(site.parameter('bias')))
  const { eps } = site.attributes
  return (inputs) => {
    const x = first(inputs)
    const centred = sub(x, mean(x, -1, true))
    const variance = mean(square(centred), -1, true)
    return add(mul(mul(centred, rsqrt(add(variance, eps))), weight), bias)
  }
}
