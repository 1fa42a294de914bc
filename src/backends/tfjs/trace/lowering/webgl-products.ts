import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { Recorder } from '../recorder.ts'
import { convInfo, isPlainProduct, sizeOf, type ConvInfo } from './geometry.ts'
import { inputOf, inputsOf, type Call } from './lowering.ts'
import { productOf } from './passes.ts'
import { program, reshape, textureOf } from './textures.ts'
import { binary, reduce, transpose } from './webgl-passes.ts'
import { convolutionNaming, convWork, copyWork, productWork, type Naming } from './work.ts'

/** Convolutions and linear layers of tfjs-backend-webgl 4.22: Conv2D.js, Conv2D_impl.js, BatchMatMul_impl.js. */

/** 1 x 1 at every position: a product as it lies. Others are laid out as one before (`WEBGL_CONV_IM2COL`). */
export function convolution(call: Call<Parameters<typeof convInfo>[0]['attributes']>): TensorInfo {
  const info = convInfo(call, false)
  const [x, filter, ...bias] = [inputOf(call, 'x'), inputOf(call, 'filter'), ...inputsOf(call).slice(2)]
  const shared = sizeOf(filter.shape) / info.outChannels
  const matrix = reshape(call.device, filter, [1, shared, info.outChannels])
  if (!isPlainProduct(info)) return byColumns(call.device, info, x, [matrix, ...bias])
  return isOddMap(call.device, info, x)
    ? program(call.device, convWork(info, false, bias.length > 0), [x, matrix, ...bias], info.outShape, true)
    : byProduct(call.device, info, x, [matrix, ...bias])
}

/** A packed map of odd width, which is taken as one of even width instead of being laid out anew. */
function isOddMap(device: Recorder, info: ConvInfo, x: TensorInfo): boolean {
  const texture = textureOf(device, x)
  const rows = sizeOf(x.shape.slice(0, 3))
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
export function matmul(device: Recorder, inputs: readonly TensorInfo[], as: Naming = {}): TensorInfo {
  const { shape, rows, shared, columns } = productOf(inputs)
  const [a, b, ...bias] = inputs
  if (!a || !b) throw new Error('a product of less than two matrices')
  const images = sizeOf(a.shape.slice(0, -2))
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
    return reduce(device, 'sum', binary(device, 'mul', a, reshape(device, b, [1, 1, shared])))
  const products = binary(device, 'mul', reshape(device, a, [images, shared, 1]), b)
  return reduce(device, 'sum', transpose(device, products, [images, columns, shared]))
}
