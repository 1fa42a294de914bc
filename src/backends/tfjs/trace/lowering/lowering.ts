import {
  elementwiseLowerings,
  elementwiseWork,
  type ElementwiseKernel,
  type ElementwisePasses,
} from './elementwise.ts'
import type { Filter } from '../../../../engines/kernel.ts'
import type { Work, Recorder } from '../recorder.ts'
import {
  backend_util,
  slice_util,
  util,
  type Conv2DAttrs,
  type SliceAttrs,
  type SplitVAttrs,
  type TensorInfo,
  type AvgPoolAttrs,
  type CastAttrs,
  type ConcatAttrs,
  type DepthToSpaceAttrs,
  type DepthwiseConv2dNativeAttrs,
  type FillAttrs,
  type FusedConv2DAttrs,
  type FusedDepthwiseConv2DAttrs,
  type MaxPoolAttrs,
  type MeanAttrs,
  type MirrorPadAttrs,
  type NamedTensorInfoMap,
  type PadV2Attrs,
  type ReshapeAttrs,
  type ResizeBilinearAttrs,
  type ResizeNearestNeighborAttrs,
  type SoftmaxAttrs,
  type TransposeAttrs,
  type _FusedMatMulAttrs,
} from '@tensorflow/tfjs-core'

/** What the passes of every backend compute; operations are counted as `src/ir/ops/definition.ts` has it. */

/** A convolution; `bias`: added before the result is written. */
export function convWork(info: ConvInfo, depthwise: boolean, bias: boolean): Work {
  const outputs = elementCount(info.outShape)
  const taps = info.filterHeight * info.filterWidth
  return {
    name: `${depthwise ? 'depthwise conv' : 'conv'}${bias ? ' + bias' : ''}`,
    kind: depthwise ? 'depthwise' : 'dense',
    macs: outputs * taps * (depthwise ? 1 : info.inChannels),
    arithmetic: bias ? outputs : 0,
    filter: {
      inChannels: info.inChannels,
      outChannels: info.outChannels,
      groups: depthwise ? info.inChannels : 1,
      kernel: [info.filterHeight, info.filterWidth],
      stride: [info.strideHeight, info.strideWidth],
    },
  }
}

/** Of a convolution that is carried out as a product of matrices. */
export const convolutionNaming = (info: ConvInfo, bias: boolean): ProductNaming => {
  const { name, filter } = convWork(info, false, bias)
  return { name, ...(filter ? { filter } : {}) }
}

/** What a product of matrices is besides: a convolution's name and filter. */
export interface ProductNaming {
  readonly name?: string
  readonly filter?: Filter
}

/** A linear layer: [rows, shared] times [shared, columns]. */
export const productWork = (rows: number, shared: number, columns: number, bias: boolean): Work => ({
  name: `matmul${bias ? ' + bias' : ''}`,
  kind: 'dense',
  macs: rows * shared * columns,
  arithmetic: bias ? rows * columns : 0,
  filter: { inChannels: shared, outChannels: columns, groups: 1, kernel: [1, 1], stride: [1, 1] },
})

/** A window of k elements takes k - 1 comparisons, or k - 1 additions and a division. */
export function poolWork(info: ConvInfo, of: 'max' | 'avg'): Work {
  const taps = info.filterHeight * info.filterWidth
  const whole = info.filterHeight === info.inHeight && info.filterWidth === info.inWidth
  return {
    name: `${of} pool`,
    kind: whole ? 'reduction' : 'pool',
    arithmetic: elementCount(info.outShape) * (of === 'max' ? taps - 1 : taps),
  }
}

/** `inner` elements become one: inner - 1 operations, and a division for a mean. */
export const reductionWork = (name: 'mean' | 'sum' | 'max', outputs: number, inner: number): Work => ({
  name,
  kind: 'reduction',
  arithmetic: outputs * (name === 'mean' ? inner : inner - 1),
})

/** In one pass: maximum, differences, exponentials, sum, quotients. */
const softmaxWork = (elements: number, inner: number): Work => ({
  name: 'softmax',
  kind: 'reduction',
  arithmetic: 5 * elements - (2 * elements) / inner,
})

/** Bilinear: 4 products and 3 sums. */
export const resizeWork = (mode: 'nearest' | 'bilinear', elements: number): Work => ({
  name: `resize ${mode}`,
  kind: mode === 'nearest' ? 'copy' : 'pointwise',
  arithmetic: mode === 'nearest' ? 0 : 7 * elements,
})

export const copyWork = (name: string, reads?: number): Work => ({
  name,
  kind: 'copy',
  ...(reads === undefined ? {} : { reads }),
})

export type ConvInfo = backend_util.Conv2DInfo
type Shape4 = [number, number, number, number]

export const elementCount = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1)

function shape4({ shape }: TensorInfo): Shape4 {
  const [a, b, c, d] = shape
  if (a === undefined || b === undefined || c === undefined || d === undefined)
    throw new Error(`a tensor of rank ${shape.length} where tfjs has maps`)
  return [a, b, c, d]
}

type ConvAttributes = Pick<Conv2DAttrs, 'strides' | 'pad' | 'dilations' | 'dimRoundingMode'>

/** A convolution of `x` with `filter`, [height, width, inputs, outputs or multiplier]. */
export function convInfo(call: KernelCall<ConvAttributes>, depthwise: boolean): ConvInfo {
  const { strides, pad, dilations, dimRoundingMode } = call.attributes
  const [x, filter] = [shape4(inputOf(call, 'x')), shape4(inputOf(call, 'filter'))]
  return backend_util.computeConv2DInfo(x, filter, strides, dilations, pad, dimRoundingMode, depthwise)
}

export function poolInfo(call: KernelCall<AvgPoolAttrs>): ConvInfo {
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

function axisOf({ shape }: TensorInfo, axis: number): number {
  const [found] = util.parseAxisParam(axis, shape)
  if (found === undefined) throw new Error(`no axis ${axis}`)
  return found
}

export const broadcast = (a: TensorInfo, b: TensorInfo): number[] =>
  backend_util.assertAndGetBroadcastShape(a.shape, b.shape)

type None = Readonly<Record<string, never>>

/** Every tfjs kernel that the backend's runs may call, with its attributes. */
interface KernelAttributes extends Readonly<Record<ElementwiseKernel, unknown>> {
  readonly AvgPool: AvgPoolAttrs
  readonly Cast: CastAttrs
  readonly Concat: ConcatAttrs
  readonly Conv2D: Conv2DAttrs
  readonly DepthToSpace: DepthToSpaceAttrs
  readonly DepthwiseConv2dNative: DepthwiseConv2dNativeAttrs
  readonly Fill: FillAttrs
  readonly FusedConv2D: FusedConv2DAttrs
  readonly FusedDepthwiseConv2D: FusedDepthwiseConv2DAttrs
  readonly Identity: None
  readonly MaxPool: MaxPoolAttrs
  readonly Mean: MeanAttrs
  readonly MirrorPad: MirrorPadAttrs
  readonly PadV2: PadV2Attrs
  readonly Reshape: ReshapeAttrs
  readonly ResizeBilinear: ResizeBilinearAttrs
  readonly ResizeNearestNeighbor: ResizeNearestNeighborAttrs
  readonly Slice: SliceAttrs
  readonly Softmax: SoftmaxAttrs
  readonly SplitV: SplitVAttrs
  readonly Transpose: TransposeAttrs
  readonly _FusedMatMul: _FusedMatMulAttrs
}

export interface KernelCall<A = unknown> {
  /** By name; of Concat a list. */
  readonly inputs: NamedTensorInfoMap
  readonly attributes: A
  readonly device: Recorder
}

/** What a tfjs kernel launches on one backend; it returns the kernel's outputs. */
export type KernelLowering<A = unknown> = (call: KernelCall<A>) => TensorInfo | TensorInfo[]

/** How a backend carries out each kernel of tfjs. */
export type KernelLowerings = { readonly [N in keyof KernelAttributes]: KernelLowering<KernelAttributes[N]> }

/** An input of a kernel; one that it lacks is this folder's fault. */
export function inputOf({ inputs }: Pick<KernelCall, 'inputs'>, name: string): TensorInfo {
  const found = inputs[name]
  if (!found) throw new Error(`a tfjs kernel without its input ${name}`)
  return found
}

/** All inputs that are there, in order. */
export const inputsOf = ({ inputs }: Pick<KernelCall, 'inputs'>): TensorInfo[] =>
  Object.values(inputs).filter((input) => input !== undefined)

/** The same elements under another shape, without a launch. */
export const alias = (x: TensorInfo, shape: readonly number[]): TensorInfo => ({ ...x, shape: [...shape] })

/** Single passes over memory, in their plain form; the tables of the backends put kernels together from them. */

export const unaryPass: ElementwisePasses['unary'] = (device, kernel, x) =>
  device.launch(elementwiseWork(kernel, elementCount(x.shape)), [x], x.shape)

export const binaryPass: ElementwisePasses['binary'] = (device, kernel, a, b) => {
  const shape = broadcast(a, b)
  return device.launch(elementwiseWork(kernel, elementCount(shape)), [a, b], shape)
}

/** `inputs`: the map, the filter, and a bias where one is added on the way. */
export const convPass = (
  device: Recorder,
  info: ConvInfo,
  depthwise: boolean,
  inputs: readonly TensorInfo[],
): TensorInfo => device.launch(convWork(info, depthwise, inputs.length > 2), inputs, info.outShape)

/** `inputs`: two matrices [.., rows, shared] and [.., shared, columns], and a bias. */
export function productPass(
  device: Recorder,
  inputs: readonly TensorInfo[],
  as: ProductNaming = {},
): TensorInfo {
  const { shape, rows, shared, columns } = productOf(inputs)
  return device.launch({ ...productWork(rows, shared, columns, inputs.length > 2), ...as }, inputs, shape)
}

interface Product {
  readonly shape: readonly number[]
  /** Of all matrices together. */
  readonly rows: number
  readonly shared: number
  readonly columns: number
}

export function productOf([a, b]: readonly TensorInfo[]): Product {
  const shared = a?.shape.at(-1) ?? 0
  const columns = b?.shape.at(-1) ?? 0
  const leading = a?.shape.slice(0, -1) ?? []
  return { shape: [...leading, columns], rows: elementCount(leading), shared, columns }
}

const pool = (device: Recorder, info: ConvInfo, of: 'max' | 'avg', x: TensorInfo): TensorInfo =>
  device.launch(poolWork(info, of), [x], info.outShape)

/** A pool of one position a window, where a backend hands its input on; else a pass. */
export const poolOrView = (device: Recorder, info: ConvInfo, of: 'max' | 'avg', x: TensorInfo): TensorInfo =>
  isIdentityPool(info) ? x : pool(device, info, of, x)

/** Over the last axis, which stays with one element. */
export function reduceLast(device: Recorder, name: 'mean' | 'sum' | 'max', x: TensorInfo): TensorInfo {
  const shape = [...x.shape.slice(0, -1), 1]
  return device.launch(reductionWork(name, elementCount(shape), x.shape.at(-1) ?? 1), [x], shape)
}

export const slicePass = (device: Recorder, x: TensorInfo, { size }: Piece): TensorInfo =>
  device.launch(copyWork('slice', elementCount(size)), [x], size)

/** A backend's own form of the passes that a softmax consists of. */
interface SoftmaxPasses extends ElementwisePasses {
  readonly reduce: (device: Recorder, name: 'max' | 'sum', x: TensorInfo) => TensorInfo
}

/** softmax over the last axis as Softmax.js of webgl and cpu has it. */
export function softmaxInPasses(
  device: Recorder,
  x: TensorInfo,
  { unary, binary, reduce }: SoftmaxPasses,
): TensorInfo {
  const exponentials = unary(device, 'Exp', binary(device, 'Sub', x, reduce(device, 'max', x)))
  return binary(device, 'RealDiv', exponentials, reduce(device, 'sum', exponentials))
}

/** One launch for every kernel of tfjs: what a backend does unless its own table says otherwise. */
export const oneEach: KernelLowerings = {
  ...elementwiseLowerings({ unary: unaryPass, binary: binaryPass }),
  AvgPool: (call) => pool(call.device, poolInfo(call), 'avg', inputOf(call, 'x')),
  // From fp32 to fp32: tfjs asks for it after every average.
  Cast: (call) => inputOf(call, 'x'),
  Concat: concat,
  Conv2D: (call) => convPass(call.device, convInfo(call, false), false, inputsOf(call)),
  DepthToSpace: depthToSpace,
  DepthwiseConv2dNative: (call) => convPass(call.device, convInfo(call, true), true, inputsOf(call)),
  Fill: ({ device, attributes }) => device.make(attributes.shape, true),
  FusedConv2D: (call) =>
    convPass(call.device, convInfo(withoutActivation(call), false), false, inputsOf(call)),
  FusedDepthwiseConv2D: (call) =>
    convPass(call.device, convInfo(withoutActivation(call), true), true, inputsOf(call)),
  Identity: (call) => inputOf(call, 'x'),
  MaxPool: (call) => pool(call.device, poolInfo(call), 'max', inputOf(call, 'x')),
  Mean: mean,
  MirrorPad: pad,
  PadV2: pad,
  Reshape: (call) => alias(inputOf(call, 'x'), reshaped(call)),
  ResizeBilinear: resizeOf('bilinear'),
  ResizeNearestNeighbor: resizeOf('nearest'),
  Slice: (call) => slicePass(call.device, inputOf(call, 'x'), sliceOf(inputOf(call, 'x'), call.attributes)),
  Softmax: softmax,
  SplitV: (call) => {
    const shapes = piecesOf(inputOf(call, 'x'), call.attributes).map(({ size }) => size)
    return call.device.launchMany(copyWork('split'), inputsOf(call), shapes)
  },
  Transpose: (call) => call.device.launch(copyWork('transpose'), inputsOf(call), transposed(call)),
  _FusedMatMul: (call) => productPass(withoutActivation(call).device, inputsOf(call)),
}

/** Our lowering fuses no activation; one that it does must be counted first. */
export function withoutActivation<A extends { activation?: string }>(call: KernelCall<A>): KernelCall<A> {
  const { activation = 'linear' } = call.attributes
  if (activation !== 'linear') throw new Error(`a fused ${activation}, which the trace does not know`)
  return call
}

export function concatShape(inputs: readonly TensorInfo[], axis: number): number[] {
  const [first] = inputs
  return first
    ? backend_util.computeOutShape(
        inputs.map(({ shape }) => shape),
        axisOf(first, axis),
      )
    : []
}

function concat(call: KernelCall<{ axis: number }>): TensorInfo {
  const inputs = inputsOf(call)
  return call.device.launch(copyWork('concat'), inputs, concatShape(inputs, call.attributes.axis))
}

export const reshaped = (call: KernelCall<{ shape: number[] }>): number[] =>
  util.inferFromImplicitShape(call.attributes.shape, elementCount(inputOf(call, 'x').shape))

export function transposed(call: KernelCall<{ perm: number[] }>): number[] {
  const { shape } = inputOf(call, 'x')
  return call.attributes.perm.map((axis) => shape[axis] ?? 1)
}

export function depthToSpaceShape(call: KernelCall<{ blockSize: number }>): number[] {
  const [batch = 1, height = 1, width = 1, channels = 1] = inputOf(call, 'x').shape
  const { blockSize } = call.attributes
  return [batch, height * blockSize, width * blockSize, channels / blockSize ** 2]
}

function depthToSpace(call: KernelCall<{ blockSize: number }>): TensorInfo {
  return call.device.launch(copyWork('depth_to_space'), inputsOf(call), depthToSpaceShape(call))
}

function pad(call: KernelCall<{ paddings: [number, number][] }>): TensorInfo {
  return call.device.launch(
    copyWork('pad'),
    inputsOf(call),
    paddedShape(inputOf(call, 'x'), call.attributes.paddings),
  )
}

export function resizedShape(call: KernelCall<{ size: [number, number] }>): number[] {
  const { shape } = inputOf(call, 'images')
  return [shape[0] ?? 1, ...call.attributes.size, shape[3] ?? 1]
}

function resizeOf(mode: 'nearest' | 'bilinear'): KernelLowering<{ size: [number, number] }> {
  return (call) => {
    const shape = resizedShape(call)
    return call.device.launch(resizeWork(mode, elementCount(shape)), inputsOf(call), shape)
  }
}

/** Shape and length of a mean over the last axis; the lowering takes no other. */
export function meanShape(call: KernelCall<{ axis: number | number[]; keepDims: boolean }>): number[] {
  const x = inputOf(call, 'x')
  const axes = [call.attributes.axis].flat().map((axis) => axisOf(x, axis))
  if (axes.length !== 1 || axes[0] !== x.shape.length - 1 || !call.attributes.keepDims)
    throw new Error('a mean over other axes than the last, which the trace does not know')
  return [...x.shape.slice(0, -1), 1]
}

function mean(call: KernelCall<{ axis: number | number[]; keepDims: boolean }>): TensorInfo {
  const shape = meanShape(call)
  const x = inputOf(call, 'x')
  return call.device.launch(reductionWork('mean', elementCount(shape), x.shape.at(-1) ?? 1), [x], shape)
}

function softmax(call: KernelCall): TensorInfo {
  const x = inputOf(call, 'logits')
  return call.device.launch(softmaxWork(elementCount(x.shape), x.shape.at(-1) ?? 1), [x], x.shape)
}
