import type { AttributesOf } from '../../ir/ops/index.ts'
import { at, build, dimensions, type Volume } from './array.ts'
import type { Oracle } from './oracle.ts'

/** An element of a volume whose axes of size 1 are repeated. */
function repeated(x: Volume, c: number, y: number, z: number): number {
  const [channels, height, width] = dimensions(x)
  return at(x, channels === 1 ? 0 : c, height === 1 ? 0 : y, width === 1 ? 0 : z)
}

const folded =
  (combine: (a: number, b: number) => number): Oracle =>
  ({ inputs, output }) =>
    build(output, (c, y, z) => inputs.map((x) => repeated(x, c, y, z)).reduce(combine))

export const add = folded((a, b) => a + b)
export const mul = folded((a, b) => a * b)

export const scale: Oracle<AttributesOf<'scale'>> = ({ x, output, parameter }) =>
  build(output, (c, y, z) => at(x, c, y, z) * (parameter('weight')[c] ?? NaN))

export const softmax: Oracle = ({ x, output }) => {
  const [channels] = dimensions(x)
  return build(output, (c, y, z) => {
    const values = Array.from({ length: channels }, (_, other) => at(x, other, y, z))
    const most = Math.max(...values)
    const total = values.reduce((sum, value) => sum + Math.exp(value - most), 0)
    return Math.exp(at(x, c, y, z) - most) / total
  })
}
