import { readFileSync } from 'node:fs'

/** The bytes of a `.npy` file of float32, written the short way. */
export function npy(
  shape: readonly number[],
  data: Float32Array = new Float32Array(product(shape)),
): Uint8Array {
  const list = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${list}), }`
  const header = `${dictionary.padEnd(117)}\n`
  const head = Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from([118, 0]),
    Buffer.from(header),
  ])
  return Buffer.concat([head, Buffer.from(data.buffer, data.byteOffset, data.byteLength)])
}

/** Shape and values of a `.npy` file. */
export function readArray(path: string): { shape: number[]; data: Float32Array } {
  const bytes = readFileSync(path)
  const start = 10 + bytes.readUInt16LE(8)
  const [, list = ''] = /'shape': \(([^)]*)\)/.exec(bytes.toString('latin1', 10, start)) ?? []
  const shape = list
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number)
  return { shape, data: new Float32Array(Uint8Array.from(bytes.subarray(start)).buffer) }
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)
