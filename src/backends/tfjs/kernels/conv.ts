import {
  add,
  concat,
  conv2d,
  depthwiseConv2d,
  fused,
  split,
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
/** Values of a parameter, when they are wanted. */
type Values = () => Float32Array

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
  const apply = prepared({ ...site, attributes }, weightOf(site), shape, biasOf(site))
  const rest = channelsOf(site.inputs[0]) - channels
  if (rest === 0) return ([x]) => apply(asMap(x))
  return ([x]) => {
    const [convolved, passed] = split(asMap(x), [channels, rest], 3)
    return concat([apply(asMap(convolved)), asMap(passed)], 3)
  }
}

const weightOf =
  ({ parameter }: Pick<Site, 'parameter'>): Values =>
  () =>
    parameter('weight')

const biasOf = ({ attributes, parameter }: Site<{ bias: boolean }>): Values | undefined =>
  attributes.bias ? () => parameter('bias') : undefined

const dense = (site: Site<Conv>): Apply => {
  const { channels, kernel } = site.attributes
  const shape: FilterShape = [channels, channelsOf(site.inputs[0]), ...kernel]
  return prepared(site, weightOf(site), shape, biasOf(site))
}

/** A dense convolution with the site's geometry and the given weights. */
function prepared(site: Site<Conv>, weight: Values, shape: FilterShape, bias?: Values): Apply {
  const { spread, dilations } = dilationOf(site.attributes)
  const filter = place(site, convFilter(shape, spread), weight)
  const strides = pair(site.attributes.stride)
  const pad = explicit(site.attributes.padding)
  if (!bias) return (x) => conv2d(x, filter, strides, pad, 'NHWC', dilations)
  const offset: Tensor1D = site.constant([shape[0]], bias)
  return (x) => fused.conv2d({ x, filter, strides, pad, dilations, bias: offset })
}

function depthwise(site: Site<Conv>): Apply {
  const { channels, kernel, stride, padding, groups } = site.attributes
  const { spread, dilations } = dilationOf(site.attributes)
  const laid = depthwiseFilter([channels, 1, ...kernel], groups, spread)
  const filter = place(site, laid, weightOf(site))
  const strides = pair(stride)
  const pad = explicit(padding)
  const apply: Apply = (x) => depthwiseConv2d(x, filter, strides, pad, 'NHWC', dilations)
  const bias = biasOf(site)
  if (!bias) return apply
  // The fused form takes no explicit padding.
  const offset: Tensor1D = site.constant([channels], bias)
  return (x) => add(apply(x), offset)
}

/** As few dense convolutions as `groupWidth` asks for, each over a run of neighbouring groups. */
function grouped(site: Site<Conv>, inputs: number): Apply {
  const { groups } = site.attributes
  const merged = groupsToMerge(groups, inputs / groups, site.capabilities.groupWidth)
  const applies = applyOfParts(site, inputs, groups / merged)
  return (x) => {
    const pieces = split(x, applies.length, 3)
    return concat(
      applies.map((apply, part) => apply(asMap(pieces[part]))),
      3,
    )
  }
}

/** A convolution for each of `parts` runs of neighbouring groups. */
function applyOfParts(site: Site<Conv>, inputs: number, parts: number): Apply[] {
  const { channels, groups, kernel } = site.attributes
  const outputs = channels / parts
  const one: FilterShape = [outputs, inputs / groups, ...kernel]
  const weight = weightOf(site)
  const bias = biasOf(site)
  return Array.from({ length: parts }, (_, part) => {
    const own = (): Float32Array => mergeGroups(partOf(weight(), part, parts), one, groups / parts)
    const ownBias = bias && (() => partOf(bias(), part, parts))
    return prepared(site, own, [outputs, inputs / parts, ...kernel], ownBias)
  })
}

const partOf = (values: Float32Array, part: number, parts: number): Float32Array =>
  values.subarray((part * values.length) / parts, ((part + 1) * values.length) / parts)

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

const place = ({ constant }: Pick<Site, 'constant'>, { shape, values }: Laid, weight: Values): Tensor4D =>
  constant(shape, () => values(weight()))
