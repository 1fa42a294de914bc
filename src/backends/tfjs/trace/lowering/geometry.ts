import {
  backend_util,
  slice_util,
  util,
  type Conv2DAttrs,
  type SliceAttrs,
  type SplitVAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import type { AvgPoolAttrs } from '@tensorflow/tfjs-core'
import { inputOf, type Call } from './lowering.ts'

export type ConvInfo = backend_util.Conv2DInfo
type Shape4 = [number, number, number, number]

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

function shape4({ shape }: TensorInfo): Shape4 {
  const [a, b, c, d] = shape
  if (a === undefined || b === undefined || c === undefined || d === undefined)
    throw new Error(`a tensor of rank ${shape.length} where tfjs has maps`)
  return [a, b, c, d]
}

type ConvAttributes = Pick<Conv2DAttrs, 'strides' | 'pad' | 'dilations' | 'dimRoundingMode'>

/** A convolution of `x` with `filter`, [height, width, inputs, outputs or multiplier]. */
export function convInfo(call: Call<ConvAttributes>, depthwise: boolean): ConvInfo {
  const { strides, pad, dilations, dimRoundingMode } = call.attributes
  const [x, filter] = [shape4(inputOf(call, 'x')), shape4(inputOf(call, 'filter'))]
  return backend_util.computeConv2DInfo(x, filter, strides, dilations, pad, dimRoundingMode, depthwise)
}

export function poolInfo(call: Call<AvgPoolAttrs>): ConvInfo {
  const { filterSize, strides, pad, dimRoundingMode } = call.attributes
  return backend_util.computePool2DInfo(
    shape4(inputOf(call, 'x')),
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  )
}

/** A pool that changes nothing: most backends hand its input on. */
export const isIdentityPool = (info: ConvInfo): boolean =>
  info.filterHeight === 1 && info.filterWidth === 1 && util.arraysEqual(info.inShape, info.outShape)

/** Whether a convolution is a product of matrices as it lies in memory. */
export const isPlainProduct = (info: ConvInfo): boolean =>
  [info.filterHeight, info.filterWidth, info.dilationHeight, info.dilationWidth].every(
    (size) => size === 1,
  ) &&
  info.strideHeight === 1 &&
  info.strideWidth === 1 &&
  (info.padInfo.type === 'SAME' || info.padInfo.type === 'VALID')

export const paddedShape = (
  { shape }: TensorInfo,
  paddings: readonly (readonly [number, number])[],
): number[] => shape.map((size, axis) => size + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0))

export interface Piece {
  readonly begin: readonly number[]
  readonly size: readonly number[]
}

export function sliceOf(x: TensorInfo, { begin, size }: SliceAttrs): Piece {
  const [from = [], sizes = []] = slice_util.parseSliceParams(x, begin, size)
  return { begin: from, size: sizes }
}

/** The slices that a split consists of. */
export function piecesOf(x: TensorInfo, { numOrSizeSplits, axis }: SplitVAttrs): Piece[] {
  const along = axisOf(x, axis)
  let start = 0
  return backend_util.prepareSplitSize(x, numOrSizeSplits, along).map((length) => {
    const begin = x.shape.map((_, i) => (i === along ? start : 0))
    start += length
    return { begin, size: x.shape.map((size, i) => (i === along ? length : size)) }
  })
}

/** Whether a slice's elements lie one after another. */
export const isContiguous = ({ shape }: TensorInfo, { begin, size }: Piece): boolean =>
  slice_util.isSliceContinous(shape, [...begin], [...size])

export function axisOf({ shape }: TensorInfo, axis: number): number {
  const [found] = util.parseAxisParam(axis, shape)
  if (found === undefined) throw new Error(`no axis ${axis}`)
  return found
}

export const broadcast = (a: TensorInfo, b: TensorInfo): number[] =>
  backend_util.assertAndGetBroadcastShape(a.shape, b.shape)
