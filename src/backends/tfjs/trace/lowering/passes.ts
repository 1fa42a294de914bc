import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { Recorder } from '../recorder.ts'
import { broadcast, isIdentityPool, sizeOf, type ConvInfo, type Piece } from './geometry.ts'
import {
  convWork,
  copyWork,
  pointwiseWork,
  poolWork,
  productWork,
  reductionWork,
  type Naming,
  type PointwiseName,
} from './work.ts'

/** Single passes over memory, in their plain form; the tables of the backends put kernels together from them. */

export const unary = (device: Recorder, name: PointwiseName, x: TensorInfo): TensorInfo =>
  device.launch(pointwiseWork(name, sizeOf(x.shape)), [x], x.shape)

export function binary(device: Recorder, name: PointwiseName, a: TensorInfo, b: TensorInfo): TensorInfo {
  const shape = broadcast(a, b)
  return device.launch(pointwiseWork(name, sizeOf(shape)), [a, b], shape)
}

/** `inputs`: the map, the filter, and a bias where one is added on the way. */
export const conv = (
  device: Recorder,
  info: ConvInfo,
  depthwise: boolean,
  inputs: readonly TensorInfo[],
): TensorInfo => device.launch(convWork(info, depthwise, inputs.length > 2), inputs, info.outShape)

/** `inputs`: two matrices [.., rows, shared] and [.., shared, columns], and a bias. */
export function product(device: Recorder, inputs: readonly TensorInfo[], as: Naming = {}): TensorInfo {
  const { shape, rows, shared, columns } = productOf(inputs)
  return device.launch({ ...productWork(rows, shared, columns, inputs.length > 2), ...as }, inputs, shape)
}

export interface Product {
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
  return { shape: [...leading, columns], rows: sizeOf(leading), shared, columns }
}

export const pool = (device: Recorder, info: ConvInfo, of: 'max' | 'avg', x: TensorInfo): TensorInfo =>
  device.launch(poolWork(info, of), [x], info.outShape)

/** A pool of one position a window, where a backend hands its input on; else a pass. */
export const poolOrView = (device: Recorder, info: ConvInfo, of: 'max' | 'avg', x: TensorInfo): TensorInfo =>
  isIdentityPool(info) ? x : pool(device, info, of, x)

/** Over the last axis, which stays with one element. */
export function reduceLast(device: Recorder, name: 'mean' | 'sum' | 'max', x: TensorInfo): TensorInfo {
  const shape = [...x.shape.slice(0, -1), 1]
  return device.launch(reductionWork(name, sizeOf(shape), x.shape.at(-1) ?? 1), [x], shape)
}

export const slice = (device: Recorder, x: TensorInfo, { size }: Piece): TensorInfo =>
  device.launch(copyWork('slice', sizeOf(size)), [x], size)

/** A backend's own form of the passes that a softmax consists of. */
export interface SoftmaxPasses {
  readonly unary: typeof unary
  readonly binary: typeof binary
  readonly reduce: (device: Recorder, name: 'max' | 'sum', x: TensorInfo) => TensorInfo
}

/** softmax over the last axis as Softmax.js of webgl and cpu has it. */
export function softmaxInPasses(
  device: Recorder,
  x: TensorInfo,
  { unary, binary, reduce }: SoftmaxPasses,
): TensorInfo {
  const exponentials = unary(device, 'exp', binary(device, 'sub', x, reduce(device, 'max', x)))
  return binary(device, 'div', exponentials, reduce(device, 'sum', exponentials))
}
