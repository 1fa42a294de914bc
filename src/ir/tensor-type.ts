/** How the elements of a tensor are kept. */
export const dtypes = ['float32', 'float16', 'bfloat16'] as const
export type DType = (typeof dtypes)[number]

/**
 * The type of a tensor. The shape leaves out the batch, which stays symbolic and comes first:
 * `[C, H, W]` for a feature map (logical NCHW), `[F]` for a vector.
 */
export interface TensorType {
  readonly dtype: DType
  readonly shape: readonly number[]
}

/** A tensor of float32, which is what sources describe. */
export const tensor = (...shape: number[]): TensorType => ({ dtype: 'float32', shape })

/** How many numbers a tensor of this shape has. */
export function elements({ shape }: Pick<TensorType, 'shape'>): number {
  let product = 1
  // By index: asked some ten thousand times a graph, an iterator's results were a tenth of all garbage.
  for (let axis = 0; axis < shape.length; axis++) product *= shape[axis] ?? 1
  return product
}

/** `64 x 56 x 56`, as diagnostics and reports write a shape. */
export const formatShape = ({ shape }: Pick<TensorType, 'shape'>): string => shape.join(' x ')

/** The shape, and behind it the dtype, unless that is float32: `64 x 56 x 56 float16`. */
export const formatType = (type: TensorType): string =>
  type.dtype === 'float32' ? formatShape(type) : `${formatShape(type)} ${type.dtype}`

export const sameShape = (a: Pick<TensorType, 'shape'>, b: Pick<TensorType, 'shape'>): boolean =>
  a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis])

export const isSameType = (a: TensorType, b: TensorType): boolean => a.dtype === b.dtype && sameShape(a, b)
