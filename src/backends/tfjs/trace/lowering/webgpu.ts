import type { TensorInfo } from '@tensorflow/tfjs-core'
import { elementwiseWork } from './elementwise.ts'
import type { Recorder } from '../recorder.ts'
import {
  convInfo,
  isPlainProduct,
  piecesOf,
  poolInfo,
  elementCount,
  type ConvInfo,
  alias,
  inputOf,
  inputsOf,
  type KernelCall,
  type KernelLowerings,
  concatShape,
  withoutActivation,
  oneEach,
  convPass,
  poolOrView,
  productPass,
  productOf,
  slicePass,
  convolutionNaming,
  copyWork,
  productWork,
  type ProductNaming,
} from './lowering.ts'

/**
 * tfjs-backend-webgpu 4.22 (dist/kernels/*.js): bias and activation are part of the convolution's program. Small
 * products take other programs than large ones, and small convolutions are laid out as products before; both go by
 * the number of tiles of 32 x 32 (BatchMatMul_impl.js, Conv2D_impl.js). Of a pool over the whole map there is a second
 * form for a batch of one image (Pool_impl.js), which is not this.
 */
export const webgpu: KernelLowerings = {
  ...oneEach,
  AvgPool: (call) => poolOrView(call.device, poolInfo(call), 'avg', inputOf(call, 'x')),
  Concat: (call) => concat(call.device, inputsOf(call), call.attributes.axis),
  Conv2D: (call) => convolution(call, convInfo(call, false)),
  FusedConv2D: (call) => convolution(call, convInfo(withoutActivation(call), false)),
  MaxPool: (call) => poolOrView(call.device, poolInfo(call), 'max', inputOf(call, 'x')),
  PadV2: (call) =>
    call.attributes.paddings.flat().every((side) => side === 0) ? inputOf(call, 'x') : oneEach.PadV2(call),
  SplitV: (call) => {
    const x = inputOf(call, 'x')
    return piecesOf(x, call.attributes).map((piece) => slicePass(call.device, x, piece))
  },
  _FusedMatMul: (call) => matmul(withoutActivation(call).device, inputsOf(call), 1),
}

/** `thresholdToIncreaseWorkgroups` of backend_webgpu.js; 16 on Intel's GPUs since their twelfth generation. */
const FEW_TILES = 8
/** A shader has 8 storage buffers at least, and one is the output (Concat_impl.js). */
const MOST_INPUTS = 7

const tiles = (images: number, rows: number, columns: number): number =>
  images * Math.ceil(rows / 32) * Math.ceil(columns / 32)

function convolution(call: KernelCall, info: ConvInfo): TensorInfo {
  const { device } = call
  const inputs = inputsOf(call)
  const positions = info.outHeight * info.outWidth
  const whole =
    info.filterHeight === info.inHeight && info.filterWidth === info.inWidth && info.padInfo.type === 'VALID'
  if (whole) return asProduct(device, info, inputs, [info.batchSize, elementCount(info.inShape.slice(1))], 1)
  const flat = [info.batchSize, positions, info.inChannels]
  if (isPlainProduct(info)) return asProduct(device, info, inputs, flat, info.batchSize)
  if (tiles(info.batchSize, positions, info.outChannels) > FEW_TILES)
    return convPass(device, info, false, inputs)
  const [x, ...others] = inputs
  const shared = info.filterHeight * info.filterWidth * info.inChannels
  const columns = device.launch(copyWork('im2col'), x ? [x] : [], [info.batchSize, positions, shared])
  return asProduct(device, info, [columns, ...others], columns.shape, info.batchSize)
}

/** A convolution as a product of `x`, seen as `shape`, with the filter as a matrix. */
function asProduct(
  device: Recorder,
  info: ConvInfo,
  [x, filter, ...bias]: readonly TensorInfo[],
  shape: readonly number[],
  images: number,
): TensorInfo {
  if (!x || !filter) throw new Error('a convolution without a filter')
  const matrix = alias(filter, [elementCount(filter.shape) / info.outChannels, info.outChannels])
  const as = convolutionNaming(info, bias.length > 0)
  return alias(matmul(device, [alias(x, shape), matrix, ...bias], images, as), info.outShape)
}

/** The choice of MatMulProgramType in BatchMatMul_impl.js. */
function matmul(
  device: Recorder,
  inputs: readonly TensorInfo[],
  images: number,
  as: ProductNaming = {},
): TensorInfo {
  const { shape, rows, shared, columns } = productOf(inputs)
  const count = tiles(images, rows / images, columns)
  const few = count <= FEW_TILES || (rows / images <= 8 && count <= 2 * FEW_TILES)
  const inParts = few && rows * columns > 128 && images === 1 && shared >= 2000
  if (!inParts) return productPass(device, inputs, as)
  const [a, b, ...bias] = inputs
  if (!a || !b) throw new Error('a product of less than two matrices')
  // MatMulSplitKProgram adds up in a tensor of zeros; the bias has a program of its own.
  const zeros = device.launch(copyWork('fill', 0), [a], shape)
  const sum = device.launch({ ...productWork(rows, shared, columns, false), ...as }, [a, b, zeros], shape)
  return bias.length === 0
    ? sum
    : device.launch({ ...elementwiseWork('Add', elementCount(shape)), name: 'bias' }, [sum, ...bias], shape)
}

function concat(device: Recorder, inputs: readonly TensorInfo[], axis: number): TensorInfo {
  if (inputs.length <= MOST_INPUTS)
    return device.launch(copyWork('concat'), inputs, concatShape(inputs, axis))
  const parts = Array.from({ length: Math.ceil(inputs.length / MOST_INPUTS) }, (_, i) =>
    concat(device, inputs.slice(i * MOST_INPUTS, (i + 1) * MOST_INPUTS), axis),
  )
  return concat(device, parts, axis)
}
