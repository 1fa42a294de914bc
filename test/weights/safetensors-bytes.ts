/** A safetensors file with any header text, right or wrong, and data. */
export function fileWith(header: unknown, data: Uint8Array | number = 0): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const values = typeof data === 'number' ? new Uint8Array(data) : data
  const bytes = new Uint8Array(8 + text.length + values.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  bytes.set(values, 8 + text.length)
  return bytes
}

/** Little-endian bytes of numbers. */
export function bytesOf(kind: 'u16' | 'f32' | 'f64', values: readonly number[]): Uint8Array {
  const size = { u16: 2, f32: 4, f64: 8 }[kind]
  const bytes = new Uint8Array(size * values.length)
  const view = new DataView(bytes.buffer)
  values.forEach((value, index) => {
    if (kind === 'u16') view.setUint16(2 * index, value, true)
    else if (kind === 'f32') view.setFloat32(4 * index, value, true)
    else view.setFloat64(8 * index, value, true)
  })
  return bytes
}
