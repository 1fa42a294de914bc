/** numpy begins the values at a multiple of this, so that the file can be mapped into memory. */
const ALIGNMENT = 64

/**
 * A .npy file (format 1.0) of little-endian float32 in C order.
 * @throws RangeError where the shape does not have as many values as `data`
 */
export function writeNpy(shape: readonly number[], data: Float32Array): Uint8Array {
  if (shape.reduce((product, size) => product * size, 1) !== data.length)
    throw new RangeError(`${data.length} values are not of shape [${shape.join(', ')}]`)
  const header = headerBytes(shape)
  const bytes = new Uint8Array(header.length + data.byteLength)
  bytes.set(header)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < data.length; i++) view.setFloat32(header.length + 4 * i, data[i] ?? 0, true)
  return bytes
}

function headerBytes(shape: readonly number[]): Uint8Array {
  const sizes = shape.length === 1 ? `${shape.join()},` : shape.join(', ')
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes}), }`
  const length = Math.ceil((10 + text.length + 1) / ALIGNMENT) * ALIGNMENT
  const bytes = new Uint8Array(length).fill(0x20)
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0])
  new DataView(bytes.buffer).setUint16(8, length - 10, true)
  bytes.set(new TextEncoder().encode(text), 10)
  bytes[length - 1] = 0x0a
  return bytes
}
