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
import type { StepBuilder, StepContext } from '../step.ts'
import { convFilter, depthwiseFilter, mergeGroups, type FilterShape, type Laid } from '../weights.ts'
import { asMap, channelsOf, explicit } from './maps.ts'

type Conv = AttributesOf<'conv'>
type Apply = (x: Tensor4D) => Tensor4D
/** Values of a parameter, when they are wanted. */
type Values = () => Float32Array

/** Dense, depthwise and grouped convolutions; tfjs has no grouped one. */
const conv: StepBuilder<Conv> = (context) => {
  const { groups } = context.attributes
  const inputs = channelsOf(context.inputs[0])
  const apply =
    groups === 1 ? dense(context) : groups === inputs ? depthwise(context) : grouped(context, inputs)
  return ([x]) => apply(asMap(x))
}

/** Convolves the first channels and hands on the rest (Chen et al. 2023, arXiv:2303.03667). */
const partialConv: StepBuilder<AttributesOf<'partial_conv'>> = (context) => {
  const { channels, kernel, padding, bias } = context.attributes
  const attributes = { channels, kernel, padding, bias, stride: unitPair, dilation: unitPair, groups: 1 }
  const shape: FilterShape = [channels, channels, ...kernel]
  const apply = prepared({ ...context, attributes }, weightOf(context), shape, biasOf(context))
  const rest = channelsOf(context.inputs[0]) - channels
  if (rest === 0) return ([x]) => apply(asMap(x))
  return ([x]) => {
    const [convolved, passed] = split(asMap(x), [channels, rest], 3)
    return concat([apply(asMap(convolved)), asMap(passed)], 3)
  }
}

const weightOf =
  ({ parameter }: Pick<StepContext, 'parameter'>): Values =>
  () =>
    parameter('weight')

const biasOf = ({ attributes, parameter }: StepContext<{ bias: boolean }>): Values | undefined =>
  attributes.bias ? () => parameter('bias') : undefined

const dense = (context: StepContext<Conv>): Apply => {
  const { channels, kernel } = context.attributes
  const shape: FilterShape = [channels, channelsOf(context.inputs[0]), ...kernel]
  return prepared(context, weightOf(context), shape, biasOf(context))
}

/** A dense convolution with the context's geometry and the given weights. */
function prepared(context: StepContext<Conv>, weight: Values, shape: FilterShape, bias?: Values): Apply {
  const { spread, dilations } = dilationOf(context.attributes)
  const filter = place(context, convFilter(shape, spread), weight)
  const strides = pair(context.attributes.stride)
  const pad = explicit(context.attributes.padding)
  if (!bias) return (x) => conv2d(x, filter, strides, pad, 'NHWC', dilations)
  const offset: Tensor1D = context.constant([shape[0]], bias)
  return (x) => fused.conv2d({ x, filter, strides, pad, dilations, bias: offset })
}

function depthwise(context: StepContext<Conv>): Apply {
  const { channels, kernel, stride, padding, groups } = context.attributes
  const { spread, dilations } = dilationOf(context.attributes)
  const laid = depthwiseFilter([channels, 1, ...kernel], groups, spread)
  const filter = place(context, laid, weightOf(context))
  const strides = pair(stride)
  const pad = explicit(padding)
  const apply: Apply = (x) => depthwiseConv2d(x, filter, strides, pad, 'NHWC', dilations)
  const bias = biasOf(context)
  if (!bias) return apply
  // The fused form takes no explicit padding.
  const offset: Tensor1D = context.constant([channels], bias)
  return (x) => add(apply(x), offset)
}

/** As few dense convolutions as `groupWidth` asks for, each over a run of neighbouring groups. */
function grouped(context: StepContext<Conv>, inputs: number): Apply {
  const { groups } = context.attributes
  const merged = groupsToMerge(groups, inputs / groups, context.capabilities.groupWidth)
  const applies = applyOfParts(context, inputs, groups / merged)
  return (x) => {
    const pieces = split(x, applies.length, 3)
    return concat(
      applies.map((apply, part) => apply(asMap(pieces[part]))),
      3,
    )
  }
}

/** A convolution for each of `parts` runs of neighbouring groups. */
function applyOfParts(context: StepContext<Conv>, inputs: number, parts: number): Apply[] {
  const { channels, groups, kernel } = context.attributes
  const outputs = channels / parts
  const one: FilterShape = [outputs, inputs / groups, ...kernel]
  const weight = weightOf(context)
  const bias = biasOf(context)
  return Array.from({ length: parts }, (_, part) => {
    const own = (): Float32Array => mergeGroups(partOf(weight(), part, parts), one, groups / parts)
    const ownBias = bias && (() => partOf(bias(), part, parts))
    return prepared(context, own, [outputs, inputs / parts, ...kernel], ownBias)
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

const place = (
  { constant }: Pick<StepContext, 'constant'>,
  { shape, values }: Laid,
  weight: Values,
): Tensor4D => constant(shape, () => values(weight()))

/** Convolutions. */
export const filterBuilders = { conv, partial_conv: partialConv }
