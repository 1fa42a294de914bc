import type { AttributesOf } from '../../ir/ops/index.ts'
import { at, build, dimensions, type Volume } from './array.ts'
import type { Oracle } from './oracle.ts'

type Pool = AttributesOf<'max_pool'>

/** The elements of one window that lie in the map. */
function windowOf(x: Volume, { kernel, stride, padding }: Pool, c: number, y: number, z: number): number[] {
  const [, height, width] = dimensions(x)
  const found: number[] = []
  for (let ky = 0; ky < kernel[0]; ky++)
    for (let kx = 0; kx < kernel[1]; kx++) {
      const row = y * stride[0] - padding[0] + ky
      const column = z * stride[1] - padding[3] + kx
      if (row >= 0 && row < height && column >= 0 && column < width) found.push(at(x, c, row, column))
    }
  return found
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

export const maxPool: Oracle<Pool> = ({ attributes, x, output }) =>
  build(output, (c, y, z) => Math.max(...windowOf(x, attributes, c, y, z)))

export const avgPool: Oracle<AttributesOf<'avg_pool'>> = ({ attributes, x, output }) =>
  build(output, (c, y, z) => {
    const values = windowOf(x, attributes, c, y, z)
    const area = attributes.kernel[0] * attributes.kernel[1]
    return sum(values) / (attributes.count_padding ? area : values.length)
  })

export const globalAvgPool: Oracle = ({ x, output }) => {
  const [, height, width] = dimensions(x)
  const area = height * width
  return build(output, (c) => sum([...x.data.subarray(c * area, (c + 1) * area)]) / area)
}

/** An index beyond the edge, mirrored without repeating the edge. */
export function reflect(index: number, size: number): number {
  const positive = Math.abs(index)
  return positive < size ? positive : 2 * (size - 1) - positive
}

export const blurPool: Oracle<AttributesOf<'blur_pool'>> = ({ attributes, x, output }) => {
  const [down, right] = attributes.stride
  if (down === 1 && right === 1) return x
  const [, height, width] = dimensions(x)
  const taps = [1, 2, 1]
  return build(output, (c, y, z) => {
    let total = 0
    for (const [ky, row] of taps.entries())
      for (const [kx, column] of taps.entries())
        total +=
          row * column * at(x, c, reflect(y * down + ky - 1, height), reflect(z * right + kx - 1, width))
    return total / 16
  })
}
