import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core'
import type { Recorder } from '../recorder.ts'
import { broadcast, isIdentityPool, sizeOf, type ConvInfo } from './geometry.ts'
import { program, reshape } from './textures.ts'
import { copyWork, pointwiseWork, poolWork, reductionWork, type PointwiseName } from './work.ts'

/** Single programs of tfjs-backend-webgl 4.22, with the form of texture that each reads. */

/** Those of which there is a packed program: the kernels that give `unaryKernelFunc` a `packedOpSnippet`. */
const packedUnary: ReadonlySet<PointwiseName> = new Set(['relu', 'relu6', 'sigmoid', 'exp'])

export const unary = (device: Recorder, name: PointwiseName, x: TensorInfo): TensorInfo =>
  program(device, pointwiseWork(name, sizeOf(x.shape)), [x], x.shape, packedUnary.has(name))

export function binary(device: Recorder, name: PointwiseName, a: TensorInfo, b: TensorInfo): TensorInfo {
  const shape = broadcast(a, b)
  return program(device, pointwiseWork(name, sizeOf(shape)), [a, b], shape, true)
}

export const pool = (device: Recorder, info: ConvInfo, of: 'max' | 'avg', x: TensorInfo): TensorInfo =>
  isIdentityPool(info) ? x : program(device, poolWork(info, of), [x], info.outShape, false)

export const transpose = (device: Recorder, x: TensorInfo, shape: readonly number[]): TensorInfo =>
  program(device, copyWork('transpose'), [x], shape, true)

/**
 * Over the last axis, which stays with one element: in windows of about its root, again and again
 * (kernel_utils/reduce.js).
 */
export function reduce(device: Recorder, name: 'mean' | 'max' | 'sum', x: TensorInfo): TensorInfo {
  const rows = sizeOf(x.shape.slice(0, -1))
  let length = x.shape.at(-1) ?? 1
  let result = reshape(device, x, [rows, length])
  do {
    const window = backend_util.computeOptimalWindowSize(length)
    length = Math.ceil(length / window)
    result = program(device, reductionWork(name, rows * length, window), [result], [rows, length], false)
  } while (length > 1)
  return reshape(device, result, [...x.shape.slice(0, -1), 1])
}
