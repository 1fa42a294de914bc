import { reshape, transpose, type Tensor } from '@tensorflow/tfjs-core'

const isMap = (shape: readonly number[]): boolean => shape.length === 3

/** From the device's order to the logical one ([N, C, H, W]). */
export const toLogical = (x: Tensor, shape: readonly number[]): Tensor =>
  isMap(shape) ? transpose(x, [0, 3, 1, 2]) : x.clone()

/** From the logical order, whatever the tensor's rank, to the device's order of `shape`. */
export function toDevice(x: Tensor, shape: readonly number[], batch: number): Tensor {
  const logical = reshape(x, [batch, ...shape])
  return isMap(shape) ? transpose(logical, [0, 2, 3, 1]) : logical
}
