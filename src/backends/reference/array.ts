import { elements, type TensorType } from '../../ir/tensor-type.ts'

/** A tensor of one image in logical order (CHW), in float64. */
export interface Volume {
  readonly shape: readonly number[]
  readonly data: Float64Array
}

/** Channels, height, width; a vector counts as a map of 1 x 1. */
export function dimensions({ shape }: { shape: readonly number[] }): [c: number, h: number, w: number] {
  return [shape[0] ?? 1, shape[1] ?? 1, shape[2] ?? 1]
}

/** An element; outside the map, `outside`. */
export function at(x: Volume, c: number, y: number, z: number, outside = 0): number {
  const [, height, width] = dimensions(x)
  if (y < 0 || z < 0 || y >= height || z >= width) return outside
  return x.data[(c * height + y) * width + z] ?? NaN
}

/** Fills a volume of the given type element by element. */
export function build({ shape }: TensorType, element: (c: number, y: number, x: number) => number): Volume {
  const [channels, height, width] = dimensions({ shape })
  const data = new Float64Array(elements({ dtype: 'float32', shape }))
  let i = 0
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[i++] = element(c, y, x)
  return { shape, data }
}

export const mapValues = ({ shape, data }: Volume, f: (value: number) => number): Volume => ({
  shape,
  data: data.map(f),
})
