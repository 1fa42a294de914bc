import { type TensorInfo, backend_util } from '@tensorflow/tfjs-core'
import type { Recorder, Work, Texture } from '../recorder.ts'
import {
  elementwiseLowerings,
  elementwiseWork,
  type ElementwiseKernel,
  type ElementwisePasses,
} from './elementwise.ts'
import {
  elementCount,
  alias,
  copyWork,
  convInfo,
  isPlainProduct,
  type ConvInfo,
  inputOf,
  inputsOf,
  type KernelCall,
  productOf,
  convolutionNaming,
  convWork,
  productWork,
  type ProductNaming,
  broadcast,
  isIdentityPool,
  poolWork,
  reductionWork,
  isContiguous,
  paddedShape,
  piecesOf,
  poolInfo,
  sliceOf,
  type Piece,
  type KernelLowering,
  type KernelLowerings,
  concatShape,
  depthToSpaceShape,
  withoutActivation,
  meanShape,
  oneEach,
  reshaped,
  resizedShape,
  transposed,
  softmaxInPasses,
  resizeWork,
} from './lowering.ts'

/**
 * How webgl keeps tensors, and the passes that it needs to change that (tfjs-backend-webgl 4.22: `runWebGLProgram` in
 * backend_webgl.js, Reshape.js, kernel_utils/reshape.js). A texel of a packed texture holds 2 x 2 elements of the last
 * two axes; some programs read and write packed textures, the others plain ones.
 */

/** Tensors of so few elements reach unpacked programs as uniforms (`WEBGL_SIZE_UPLOAD_UNIFORM`). */
const UNIFORM_SIZE = 4

/** A program, after what brings its inputs into the form that it reads. */
function program(
  device: Recorder,
  work: Work,
  inputs: readonly TensorInfo[],
  shape: readonly number[],
  packed: boolean,
): TensorInfo {
  const ready = inputs.map((input) => inForm(device, input, packed))
  return withTexture(device, device.launch(work, ready, shape), packed, shape)
}

function inForm(device: Recorder, x: TensorInfo, packed: boolean): TensorInfo {
  const texture = textureOf(device, x)
  if (texture === undefined) {
    if (packed || elementCount(x.shape) > UNIFORM_SIZE) withTexture(device, x, packed, x.shape)
    return x
  }
  if (texture.packed !== packed) {
    const changed = device.launch(copyWork(packed ? 'pack' : 'unpack'), [x], x.shape)
    return withTexture(device, changed, packed, x.shape)
  }
  return packed && !isReshapeFree(texture.shape, x.shape) ? repacked(device, x, x.shape) : x
}

/** The same elements under another shape: a view, unless they lie otherwise in packed texels. */
function reshape(device: Recorder, x: TensorInfo, shape: readonly number[]): TensorInfo {
  const texture = textureOf(device, x)
  const isView = !texture?.packed || isReshapeFree(x.shape, shape) || isReshapeFree(texture.shape, shape)
  return isView ? alias(x, shape) : repacked(device, x, shape)
}

/** What a tensor lies in; nothing where it has not reached the device. Pictures arrive packed, by a transposition. */
function textureOf(device: Recorder, x: TensorInfo): Texture | undefined {
  const known = device.textureOf(x)
  if (known !== undefined || device.isConstant(x) || x.shape.length !== 4) return known
  withTexture(device, x, true, x.shape)
  return device.textureOf(x)
}

function withTexture(device: Recorder, x: TensorInfo, packed: boolean, shape: readonly number[]): TensorInfo {
  device.setTexture(x, { packed, shape })
  return x
}

/** The new texture is laid out for three axes: all others are one. */
function repacked(device: Recorder, x: TensorInfo, shape: readonly number[]): TensorInfo {
  const [rows = 1, columns = 1] = lastTwo(shape)
  const flat = [elementCount(shape.slice(0, -2)), rows, columns]
  return withTexture(device, device.launch(copyWork('reshape'), [x], shape), true, flat)
}

const isEven = (size: number): boolean => size % 2 === 0

/** `isReshapeFree` of webgl_util.js: whether both shapes have the same elements in each texel. */
function isReshapeFree(a: readonly number[], b: readonly number[]): boolean {
  const [rowsA, columnsA] = lastTwo(a)
  const [rowsB, columnsB] = lastTwo(b)
  if (columnsA === undefined || columnsB === undefined) return true
  if (rowsA === rowsB && columnsA === columnsB) return true
  if (rowsA === undefined || rowsB === undefined) {
    if (columnsA === columnsB) return true
    if (isEven(columnsA) && isEven(columnsB) && (rowsA === 1 || rowsB === 1)) return true
  }
  return columnsA === columnsB && isEven(rowsA ?? columnsA) && isEven(rowsB ?? columnsB)
}

const lastTwo = (shape: readonly number[]): [rows: number | undefined, columns: number | undefined] => [
  shape.at(-2),
  shape.at(-1),
]

/** Convolutions and linear layers of tfjs-backend-webgl 4.22: Conv2D.js, Conv2D_impl.js, BatchMatMul_impl.js. */

/** 1 x 1 at every position: a product as it lies. Others are laid out as one before (`WEBGL_CONV_IM2COL`). */
function convolution(call: KernelCall<Parameters<typeof convInfo>[0]['attributes']>): TensorInfo {
  const info = convInfo(call, false)
  const [x, filter, ...bias] = [inputOf(call, 'x'), inputOf(call, 'filter'), ...inputsOf(call).slice(2)]
  const shared = elementCount(filter.shape) / info.outChannels
  const matrix = reshape(call.device, filter, [1, shared, info.outChannels])
  if (!isPlainProduct(info)) return byColumns(call.device, info, x, [matrix, ...bias])
  return isOddMap(call.device, info, x)
    ? program(call.device, convWork(info, false, bias.length > 0), [x, matrix, ...bias], info.outShape, true)
    : byProduct(call.device, info, x, [matrix, ...bias])
}

/** A packed map of odd width, which is taken as one of even width instead of being laid out anew. */
function isOddMap(device: Recorder, info: ConvInfo, x: TensorInfo): boolean {
  const texture = textureOf(device, x)
  const rows = elementCount(x.shape.slice(0, 3))
  const bySums = (rows === 1 || info.outChannels === 1) && info.inChannels > LONG
  const isWhole = texture?.shape.slice(-3).join() === x.shape.slice(-3).join()
  return !bySums && texture?.packed === true && isWhole && info.inWidth % 2 === 1
}

function byProduct(
  device: Recorder,
  info: ConvInfo,
  x: TensorInfo,
  others: readonly TensorInfo[],
): TensorInfo {
  const flat = reshape(device, x, [info.batchSize, info.outHeight * info.outWidth, info.inChannels])
  const result = matmul(device, [flat, ...others], convolutionNaming(info, others.length > 1))
  return reshape(device, result, info.outShape)
}

function byColumns(
  device: Recorder,
  info: ConvInfo,
  x: TensorInfo,
  others: readonly TensorInfo[],
): TensorInfo {
  const positions = info.outHeight * info.outWidth
  const shared = info.filterHeight * info.filterWidth * info.inChannels
  const columns = program(device, copyWork('im2col'), [x], [info.batchSize, shared, positions], true)
  const work = convWork(info, false, others.length > 1)
  const shape = [info.batchSize, positions, info.outChannels]
  return reshape(device, program(device, work, [columns, ...others], shape, true), info.outShape)
}

/** `MATMUL_SHARED_DIM_THRESHOLD`. */
const LONG = 1000

/** `inputs`: matrices [.., rows, shared] and [1, shared, columns], and a bias. A vector times a matrix is summed up. */
function matmul(device: Recorder, inputs: readonly TensorInfo[], as: ProductNaming = {}): TensorInfo {
  const { shape, rows, shared, columns } = productOf(inputs)
  const [a, b, ...bias] = inputs
  if (!a || !b) throw new Error('a product of less than two matrices')
  const images = elementCount(a.shape.slice(0, -2))
  const each = rows / images
  if ((each === 1 || columns === 1) && shared > LONG && bias.length === 0)
    return reshape(device, summed(device, a, b, images), shape)
  const [left, right] = [reshape(device, a, [images, each, shared]), reshape(device, b, [1, shared, columns])]
  const work = { ...productWork(rows, shared, columns, bias.length > 0), ...as }
  return reshape(device, program(device, work, [left, right, ...bias], [images, each, columns], true), shape)
}

function summed(device: Recorder, a: TensorInfo, b: TensorInfo, images: number): TensorInfo {
  const shared = a.shape.at(-1) ?? 1
  const columns = b.shape.at(-1) ?? 1
  if (columns === 1)
    return reduce(device, 'sum', binary(device, 'Multiply', a, reshape(device, b, [1, 1, shared])))
  const products = binary(device, 'Multiply', reshape(device, a, [images, shared, 1]), b)
  return reduce(device, 'sum', transpose(device, products, [images, columns, shared]))
}

/** Single programs of tfjs-backend-webgl 4.22, with the form of texture that each reads. */

/** Those of which there is a packed program (`packedOpSnippet`, `UnaryOpPackedProgram` in dist/kernels/*.js). */
const packedUnary: ReadonlySet<ElementwiseKernel> = new Set([
  'Abs',
  'Ceil',
  'Cos',
  'Elu',
  'Exp',
  'Expm1',
  'Floor',
  'Log',
  'Neg',
  'Relu',
  'Relu6',
  'Sigmoid',
  'Sin',
  'Sqrt',
])

const unary: ElementwisePasses['unary'] = (device, kernel, x) =>
  program(device, elementwiseWork(kernel, elementCount(x.shape)), [x], x.shape, packedUnary.has(kernel))

const binary: ElementwisePasses['binary'] = (device, kernel, a, b) => {
  const shape = broadcast(a, b)
  return program(device, elementwiseWork(kernel, elementCount(shape)), [a, b], shape, true)
}

const pool = (device: Recorder, info: ConvInfo, of: 'max' | 'avg', x: TensorInfo): TensorInfo =>
  isIdentityPool(info) ? x : program(device, poolWork(info, of), [x], info.outShape, false)

const transpose = (device: Recorder, x: TensorInfo, shape: readonly number[]): TensorInfo =>
  program(device, copyWork('transpose'), [x], shape, true)

/**
 * Over the last axis, which stays with one element: in windows of about its root, again and again
 * (kernel_utils/reduce.js).
 */
function reduce(device: Recorder, name: 'mean' | 'max' | 'sum', x: TensorInfo): TensorInfo {
  const rows = elementCount(x.shape.slice(0, -1))
  let length = x.shape.at(-1) ?? 1
  let result = reshape(device, x, [rows, length])
  do {
    const window = backend_util.computeOptimalWindowSize(length)
    length = Math.ceil(length / window)
    result = program(device, reductionWork(name, rows * length, window), [result], [rows, length], false)
  } while (length > 1)
  return reshape(device, result, [...x.shape.slice(0, -1), 1])
}

/**
 * tfjs-backend-webgl 4.22 (dist/kernels/*.js) with its default flags on a desktop's WebGL 2: bias and activation are
 * part of the convolution's program. Tensors of fewer than 128 elements that are still in the computer's memory, which
 * webgl leaves there, do not occur behind a network's input.
 */
export const webgl: KernelLowerings = {
  ...oneEach,
  ...elementwiseLowerings({ unary, binary }),
  AvgPool: (call) => pool(call.device, poolInfo(call), 'avg', inputOf(call, 'x')),
  Concat: (call) => concat(call.device, inputsOf(call), call.attributes.axis),
  Conv2D: convolution,
  DepthToSpace: (call) =>
    program(call.device, copyWork('depth_to_space'), inputsOf(call), depthToSpaceShape(call), false),
  DepthwiseConv2dNative: depthwise,
  FusedConv2D: (call) => convolution(withoutActivation(call)),
  FusedDepthwiseConv2D: (call) => depthwise(withoutActivation(call)),
  MaxPool: (call) => pool(call.device, poolInfo(call), 'max', inputOf(call, 'x')),
  Mean: (call) => reshape(call.device, reduce(call.device, 'mean', inputOf(call, 'x')), meanShape(call)),
  MirrorPad: pad,
  PadV2: pad,
  Reshape: (call) => reshape(call.device, inputOf(call, 'x'), reshaped(call)),
  ResizeBilinear: resizeOf('bilinear'),
  ResizeNearestNeighbor: resizeOf('nearest'),
  Slice: (call) => slice(call.device, inputOf(call, 'x'), sliceOf(inputOf(call, 'x'), call.attributes)),
  Softmax: (call) => softmaxInPasses(call.device, inputOf(call, 'logits'), { unary, binary, reduce }),
  SplitV: (call) => {
    const x = inputOf(call, 'x')
    return piecesOf(x, call.attributes).map((piece) => slice(call.device, x, piece))
  },
  Transpose: (call) => transpose(call.device, inputOf(call, 'x'), transposed(call)),
  _FusedMatMul: (call) => matmul(withoutActivation(call).device, inputsOf(call)),
}

/** Packed where every channel gives one, and strides are short (DepthwiseConv2dNative.js). */
function depthwise(call: Parameters<KernelLowerings['DepthwiseConv2dNative']>[0]): TensorInfo {
  const info = convInfo(call, true)
  const packed = info.strideWidth <= 2 && info.outChannels === info.inChannels
  const inputs = inputsOf(call)
  return program(call.device, convWork(info, true, inputs.length > 2), inputs, info.outShape, packed)
}

function pad(call: KernelCall<{ paddings: [number, number][] }>): TensorInfo {
  const shape = paddedShape(inputOf(call, 'x'), call.attributes.paddings)
  return program(call.device, copyWork('pad'), inputsOf(call), shape, true)
}

function resizeOf(mode: 'nearest' | 'bilinear'): KernelLowering<{ size: [number, number] }> {
  return (call) => {
    const shape = resizedShape(call)
    return program(call.device, resizeWork(mode, elementCount(shape)), inputsOf(call), shape, true)
  }
}

/** A piece of a plain texture whose elements lie together is a view with an offset (Slice.js). */
function slice(device: Recorder, x: TensorInfo, piece: Piece): TensorInfo {
  const texture = textureOf(device, x)
  if (texture?.packed || !isContiguous(x, piece))
    return program(device, copyWork('slice', elementCount(piece.size)), [x], piece.size, true)
  return withTexture(device, device.make(piece.size, device.isConstant(x)), false, piece.size)
}

/** `WEBGL_MAX_TEXTURES_IN_SHADER`. */
const MOST_INPUTS = 16

function concat(device: Recorder, inputs: readonly TensorInfo[], axis: number): TensorInfo {
  if (inputs.length <= MOST_INPUTS)
    return program(device, copyWork('concat'), inputs, concatShape(inputs, axis), true)
  const parts = Array.from({ length: Math.ceil(inputs.length / MOST_INPUTS) }, (_, i) =>
    concat(device, inputs.slice(i * MOST_INPUTS, (i + 1) * MOST_INPUTS), axis),
  )
  return concat(device, parts, axis)
}
