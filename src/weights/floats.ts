/** Formats of floating point in files, all little-endian. */
export type FloatFormat = 'F16' | 'BF16' | 'F32' | 'F64'

export const FLOAT_BYTES: Readonly<Record<FloatFormat, number>> = { F16: 2, BF16: 2, F32: 4, F64: 8 }

/** An element that float32 has no finite value for. */
interface NonFinite {
  readonly index: number
  readonly problem: 'nan' | 'infinite' | 'overflow'
}

/** All of `bytes` as float32: narrower formats are widened exactly, F64 is rounded to the nearest float32. */
export function decodeFloats(bytes: Uint8Array, format: FloatFormat): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const values = new Float32Array(Math.floor(bytes.byteLength / FLOAT_BYTES[format]))
  DECODERS[format](view, values)
  return values
}

const DECODERS: Readonly<Record<FloatFormat, (view: DataView, values: Float32Array) => void>> = {
  F16: (view, values) => {
    const numbers = halfNumbers()
    for (let i = 0; i < values.length; i++) values[i] = numbers[view.getUint16(2 * i, true)] ?? NaN
  },
  BF16: (view, values) => {
    // bfloat16 is the upper half of a float32.
    const bits = new Uint32Array(values.buffer)
    for (let i = 0; i < bits.length; i++) bits[i] = view.getUint16(2 * i, true) << 16
  },
  F32: (view, values) => {
    for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(4 * i, true)
  },
  F64: (view, values) => {
    for (let i = 0; i < values.length; i++) values[i] = view.getFloat64(8 * i, true)
  },
}

/** What each of the 65536 halves stands for: looking up is ten times as fast as computing. */
let halves: Float32Array | undefined
const halfNumbers = (): Float32Array =>
  (halves ??= Float32Array.from({ length: 2 ** 16 }, (_, half) => halfToNumber(half)))

/** IEEE 754 binary16: 1 bit of sign, 5 of exponent (bias 15), 10 of fraction. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** The first element that is not finite, and whether the file or the narrowing to float32 made it so. */
export function findNonFinite(
  values: Float32Array,
  bytes: Uint8Array,
  format: FloatFormat,
): NonFinite | undefined {
  const index = values.findIndex((value) => !Number.isFinite(value))
  if (index === -1) return undefined
  if (Number.isNaN(values[index])) return { index, problem: 'nan' }
  return { index, problem: format === 'F64' && isFiniteDouble(bytes, index) ? 'overflow' : 'infinite' }
}

const isFiniteDouble = (bytes: Uint8Array, index: number): boolean =>
  Number.isFinite(new DataView(bytes.buffer, bytes.byteOffset).getFloat64(8 * index, true))
