/**
 * The type of a tensor. The shape leaves out the batch, which stays symbolic and comes first:
 * `[C, H, W]` for a feature map (logical NCHW), `[F]` for a vector.
 */
export interface TensorType {
  readonly dtype: 'float32'
  readonly shape: readonly number[]
}

export const tensor = (...shape: number[]): TensorType => ({ dtype: 'float32', shape })

export function elements({ shape }: TensorType): number {
  let product = 1
  // By index: asked some ten thousand times a graph, an iterator's results were a tenth of all garbage.
  for (let axis = 0; axis < shape.length; axis++) product *= shape[axis] ?? 1
  return product
}

/** `64 x 56 x 56`, as diagnostics and reports write a shape. */
export const formatShape = (type: TensorType): string => type.shape.join(' x ')

export const sameShape = (a: TensorType, b: TensorType): boolean =>
  a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis])
