import {
  add,
  concat,
  conv2d,
  depthwiseConv2d,
  fused,
  split,
  tensor1d,
  tensor4d,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from '@tensorflow/tfjs-core'
import { unitPair, type Pair } from '../../../ir/ops/geometry.ts'
import type { AttributesOf } from '../../../ir/ops/index.ts'
import type { Kernel, Site } from '../kernel.ts'
import { convFilter, depthwiseFilter, mergeGroups, type FilterShape, type Laid } from '../weights.ts'
import { asMap, channelsOf, explicit } from './maps.ts'

type Conv = AttributesOf<'conv'>
type Apply = (x: Tensor4D) => Tensor4D

/** Dense, depthwise and grouped convolutions; tfjs has no grouped one. */
export const conv: Kernel<Conv> = (site) => {
  const { groups } = site.attributes
  const inputs = channelsOf(site.inputs[0])
  const apply = groups === 1 ? dense(site) : groups === inputs ? depthwise(site) : grouped(site, inputs)
  return ([x]) => apply(asMap(x))
}

/** Convolves the first channels and hands on the rest (Chen et al. 2023, arXiv:2303.03667). */
export const partialConv: Kernel<AttributesOf<'partial_conv'>> = (site) => {
  const { channels, kernel, padding, bias } = site.attributes
  const attributes = { channels, kernel, padding, bias, stride: unitPair, dilation: unitPair, groups: 1 }
  const shape: FilterShape = [channels, channels, ...kernel]
  const apply = prepared({ ...site, attributes }, site.parameter('weight'), shape, biasOf(site))
  const rest = channelsOf(site.inputs[0]) - channels
  if (rest === 0) return ([x]) => apply(asMap(x))
  return ([x]) => {
    const [convolved, passed] = split(asMap(x), [channels, rest], 3)
    return concat([apply(asMap(convolved)), asMap(passed)], 3)
  }
}

const biasOf = (site: Site<{ bias: boolean }>): Float32Array | undefined =>
  site.attributes.bias ? site.parameter('bias') : undefined

const dense = (site: Site<Conv>): Apply => {
  const { channels, kernel } = site.attributes
  const shape: FilterShape = [channels, channelsOf(site.inputs[0]), ...kernel]
  return prepared(site, site.parameter('weight'), shape, biasOf(site))
}

/** A dense convolution with the site's geometry and the given weights. */
function prepared(site: Site<Conv>, weight: Float32Array, shape: FilterShape, bias?: Float32Array): Apply {
  const { spread, dilations } = dilationOf(site.attributes)
  const filter = place(site, convFilter(weight, shape, spread))
  const strides = pair(site.attributes.stride)
  const pad = explicit(site.attributes.padding)
  if (!bias) return (x) => conv2d(x, filter, strides, pad, 'NHWC', dilations)
  const offset: Tensor1D = site.keep(tensor1d(bias))
  return (x) => fused.conv2d({ x, filter, strides, pad, dilations, bias: offset })
}

function depthwise(site: Site<Conv>): Apply {
  const { channels, kernel, stride, padding, groups } = site.attributes
  const { spread, dilations } = dilationOf(site.attributes)
  const weight = site.parameter('weight')
  const filter = place(site, depthwiseFilter(weight, [channels, 1, ...kernel], groups, spread))
  const strides = pair(stride)
  const pad = explicit(padding)
  const apply: Apply = (x) => depthwiseConv2d(x, filter, strides, pad, 'NHWC', dilations)
  const bias = biasOf(site)
  if (!bias) return apply
  // The fused form takes no explicit padding.
  const offset: Tensor = site.keep(tensor1d(bias))
  return (x) => add(apply(x), offset)
}

/** As few dense convolutions as `groupWidth` asks for, each over a run of neighbouring groups. */
function grouped(site: Site<Conv>, inputs: number): Apply {
  const { channels, groups, kernel } = site.attributes
  const merged = groupsToMerge(groups, inputs / groups, site.capabilities.groupWidth)
  const parts = groups / merged
  const outputs = channels / parts
  const weight = site.parameter('weight')
  const bias = biasOf(site)
  const values = weight.length / parts
  const one: FilterShape = [outputs, inputs / groups, ...kernel]
  const applies = Array.from({ length: parts }, (_, part) => {
    const own = mergeGroups(weight.subarray(part * values, (part + 1) * values), one, merged)
    const ownBias = bias?.subarray(part * outputs, (part + 1) * outputs)
    return prepared(site, own, [outputs, inputs / parts, ...kernel], ownBias)
  })
  return (x) => {
    const pieces = split(x, parts, 3)
    return concat(
      applies.map((apply, part) => apply(asMap(pieces[part]))),
      3,
    )
  }
}

/** The smallest divisor of `groups` that gives a dense convolution its width, or all of them. */
export function groupsToMerge(groups: number, width: number, least: number): number {
  let merged = 1
  while (merged < groups && (groups % merged !== 0 || merged * width < least)) merged++
  return merged
}

/** tfjs wants stride or dilation to be 1; where neither is, the filter itself is spread. */
function dilationOf({ stride, dilation }: Conv): { spread: Pair; dilations: [number, number] } {
  const both = Math.max(...stride) > 1 && Math.max(...dilation) > 1
  return both ? { spread: dilation, dilations: [1, 1] } : { spread: unitPair, dilations: pair(dilation) }
}

const pair = ([height, width]: Pair): [number, number] => [height, width]

const place = (site: Pick<Site<Conv>, 'keep'>, { values, shape }: Laid): Tensor4D =>
  site.keep(tensor4d(values, shape))
