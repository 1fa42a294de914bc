import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import { decodeFloats, findNonFinite, FLOAT_BYTES, type FloatFormat } from '../weights/floats.ts'
import { readableName, readableShape } from '../weights/readable.ts'

interface NpyDictionary {
  readonly dtype: string
  readonly fortranOrder: boolean
  readonly shape: readonly number[]
}

/** numpy's own limit is 64 axes. */
const AXES_LIMIT = 64

/** Strings, whole numbers (with the `L` of Python 2), names, and punctuation. */
const TOKEN = /\s*(?:'([^'\\]*)'|"([^"\\]*)"|(\d{1,16})L?|([A-Za-z]+)|([{}()[\],:]))/y

/**
 * The Python dictionary in a header: `{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }`. Read as the
 * few literals that it is made of, never evaluated; `undefined` for anything else. A dtype that is not a string (a
 * record) comes out as its text.
 */
function parseDictionary(text: string): NpyDictionary | undefined {
  const tokens = tokenize(text)
  if (tokens === undefined || tokens.shift() !== '{') return undefined
  const fields = new Map<string, readonly string[]>()
  while (tokens[0] !== '}') {
    const [key, colon] = tokens.splice(0, 2)
    const value = takeValue(tokens)
    if (key === undefined || colon !== ':' || value === undefined || fields.has(key)) return undefined
    fields.set(key, value)
    if (tokens[0] === ',') tokens.shift()
    else if (tokens[0] !== '}') return undefined
  }
  return tokens.length === 1 && fields.size === 3 ? fromFields(fields) : undefined
}

/** Strings keep an opening quote, so that `'('` is no bracket. */
function tokenize(text: string): string[] | undefined {
  const tokens: string[] = []
  const end = text.trimEnd().length
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(text)
    if (match === null) return undefined
    const [, single, double, number, name, mark] = match
    const string = single ?? double
    tokens.push(string === undefined ? (number ?? name ?? mark ?? '') : `'${string}`)
  }
  return tokens
}

/** The tokens of one value: a single one, or all within a pair of brackets. */
function takeValue(tokens: string[]): readonly string[] | undefined {
  let depth = 0
  for (const [index, token] of tokens.entries()) {
    if (token === '(' || token === '[') depth++
    if (token === ')' || token === ']') depth--
    if (depth === 0) return tokens.splice(0, index + 1)
    if (depth < 0) return undefined
  }
  return undefined
}

function fromFields(fields: ReadonlyMap<string, readonly string[]>): NpyDictionary | undefined {
  const [descr, order] = [fields.get("'descr"), fields.get("'fortran_order")?.join()]
  const shape = toShape(fields.get("'shape") ?? [])
  if (descr === undefined || shape === undefined || (order !== 'True' && order !== 'False')) return undefined
  return {
    dtype: descr.map((token) => token.replace(/^'/, '')).join(' '),
    fortranOrder: order === 'True',
    shape,
  }
}

/** `(1, 3, 224, 224)`, `(5,)` or `()`. */
function toShape(tokens: readonly string[]): readonly number[] | undefined {
  if (tokens[0] !== '(' || tokens.length > 2 * AXES_LIMIT + 2) return undefined
  const inner = tokens.slice(1, -1)
  const isList = inner.every((token, index) => (index % 2 === 0 ? /^\d+$/.test(token) : token === ','))
  const sizes = inner.filter((_, index) => index % 2 === 0).map(Number)
  return isList && sizes.every(Number.isSafeInteger) ? sizes : undefined
}

interface NpyHeader {
  /** numpy's name of the dtype: `<f4`. */
  readonly dtype: string
  readonly fortranOrder: boolean
  readonly shape: readonly number[]
  /** Offset of the values. */
  readonly dataStart: number
}

type HeaderProblem = 'not-npy' | 'version' | 'truncated' | 'header-too-long' | 'not-a-dictionary'

const MAGIC = [0x93, ...new TextEncoder().encode('NUMPY')]
const VERSION_END = MAGIC.length + 2
const HEADER_LIMIT = 65_536

/**
 * Reads the header of a .npy file, versions 1.0 to 3.0 (numpy.lib.format).
 * @throws DiagnosticError E0701, E0710
 */
export function readHeader(bytes: Uint8Array, path: string): NpyHeader {
  if (bytes.length === 0) throw new DiagnosticError([diagnose('E0701', { path }, {})])
  if (!MAGIC.every((byte, index) => bytes[index] === byte)) return refuse(path, 'not-npy', 0)
  const { start, length } = headerSpan(bytes, path)
  if (length > HEADER_LIMIT) return refuse(path, 'header-too-long', VERSION_END)
  if (start + length > bytes.length) return refuse(path, 'truncated', bytes.length)
  const dictionary = parseDictionary(new TextDecoder().decode(bytes.subarray(start, start + length)))
  if (dictionary === undefined) return refuse(path, 'not-a-dictionary', start)
  return { ...dictionary, dataStart: start + length }
}

/** Version 1 counts the header in 2 bytes, versions 2 and 3 in 4. */
function headerSpan(bytes: Uint8Array, path: string): { readonly start: number; readonly length: number } {
  const version = bytes[MAGIC.length]
  if (version === undefined) return refuse(path, 'truncated', bytes.length)
  if (version < 1 || version > 3) return refuse(path, 'version', MAGIC.length)
  const start = VERSION_END + (version === 1 ? 2 : 4)
  if (start > bytes.length) return refuse(path, 'truncated', bytes.length)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return {
    start,
    length: version === 1 ? view.getUint16(VERSION_END, true) : view.getUint32(VERSION_END, true),
  }
}

function refuse(path: string, problem: HeaderProblem, offset: number): never {
  throw new DiagnosticError([diagnose('E0710', { path, offset }, { problem })])
}

/** A tensor in C order. */
export interface NpyArray {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

const FORMATS: ReadonlyMap<string, FloatFormat> = new Map([
  ['<f4', 'F32'],
  ['<f8', 'F64'],
  ['<f2', 'F16'],
])

/**
 * Reads numpy's .npy: little-endian floats in C order; `<f8` is rounded to float32, `<f2` widened.
 * @param path how diagnostics name the file
 * @throws DiagnosticError E0701, E0710 to E0714, with the byte offset at fault
 */
export function readNpy(bytes: Uint8Array, path: string): NpyArray {
  const header = readHeader(bytes, path)
  const format = formatOf(header, path)
  const data = bytes.subarray(header.dataStart)
  checkLength(header, format, data.length, path)
  const values = decodeFloats(data, format)
  refuseNonFinite(values, data, format, header, path)
  return { shape: header.shape, data: values }
}

function formatOf({ dtype, fortranOrder, shape }: NpyHeader, path: string): FloatFormat {
  const format = FORMATS.get(dtype)
  if (format === undefined) {
    const facts = { dtype: readableName(dtype), known: [...FORMATS.keys()] }
    throw new DiagnosticError([diagnose('E0711', { path }, facts)])
  }
  // With at most one axis longer than 1, both orders are one.
  if (fortranOrder && shape.filter((size) => size !== 1).length > 1)
    throw new DiagnosticError([diagnose('E0712', { path }, {})])
  return format
}

function checkLength(
  { shape, dataStart }: NpyHeader,
  format: FloatFormat,
  bytes: number,
  path: string,
): void {
  const expected = shape.reduce((product, size) => product * size, FLOAT_BYTES[format])
  if (expected === bytes) return
  const place = { path, offset: dataStart + Math.min(expected, bytes) }
  throw new DiagnosticError([diagnose('E0713', place, { shape: readableShape(shape), expected, bytes })])
}

function refuseNonFinite(
  values: Float32Array,
  data: Uint8Array,
  format: FloatFormat,
  { shape, dataStart }: NpyHeader,
  path: string,
): void {
  const fault = findNonFinite(values, data, format)
  if (fault === undefined) return
  const place = { path, offset: dataStart + fault.index * FLOAT_BYTES[format] }
  const position = readableShape(positionOf(fault.index, shape))
  throw new DiagnosticError([diagnose('E0714', place, { ...fault, position })])
}

/** The index along each axis of an element in C order. */
function positionOf(index: number, shape: readonly number[]): readonly number[] {
  let rest = index
  const position = shape.map(() => 0)
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1
    position[axis] = rest % size
    rest = Math.floor(rest / size)
  }
  return position
}

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
