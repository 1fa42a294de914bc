/** A tensor to write; `data` has as many values as the shape says. */
interface TensorToWrite {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** Data begins at a multiple of this, so that float32 can be read in place. */
const ALIGNMENT = 8

/**
 * A safetensors file of float32 tensors. The same tensors give the same bytes: names and metadata are sorted.
 * @throws RangeError where a tensor has more or fewer values than its shape says
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, TensorToWrite>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const inOrder = [...tensors].sort(byName)
  for (const [name, tensor] of inOrder) checkSize(name, tensor)
  const header = new TextEncoder().encode(headerText(inOrder, metadata))
  const headerLength = Math.ceil(header.length / ALIGNMENT) * ALIGNMENT
  const dataLength = inOrder.reduce((sum, [, { data }]) => sum + data.byteLength, 0)

  const bytes = new Uint8Array(8 + headerLength + dataLength)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(headerLength), true)
  bytes.fill(' '.charCodeAt(0), 8, 8 + headerLength).set(header, 8)
  let at = 8 + headerLength
  for (const [, { data }] of inOrder) for (const value of data) view.setFloat32((at += 4) - 4, value, true)
  return bytes
}

function headerText(
  tensors: readonly (readonly [string, TensorToWrite])[],
  metadata: Readonly<Record<string, string>>,
): string {
  // Text piece by piece, since an object would reorder names that look like numbers and swallow `__proto__`.
  const texts = Object.entries(metadata).sort(byName)
  const fields = texts.length === 0 ? [] : [`"__metadata__":{${texts.map(member).join(',')}}`]
  let begin = 0
  for (const [name, { shape, data }] of tensors) {
    const end = begin + data.byteLength
    fields.push(member([name, { dtype: 'F32', shape, data_offsets: [begin, end] }]))
    begin = end
  }
  return `{${fields.join(',')}}`
}

const member = ([key, value]: readonly [string, unknown]): string =>
  `${JSON.stringify(key)}:${JSON.stringify(value)}`

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0

function checkSize(name: string, { shape, data }: TensorToWrite): void {
  if (name === '__metadata__') throw new RangeError('no tensor can be called __metadata__')
  if (shape.reduce((product, size) => product * size, 1) !== data.length)
    throw new RangeError(`${name} has ${data.length} values, which is not its shape's`)
}
