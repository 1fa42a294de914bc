import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { decodeFloats, findNonFinite, FLOAT_BYTES, type FloatFormat } from '../../weights/floats.ts'
import { readableName, readableShape } from '../../weights/readable.ts'
import { readHeader, type NpyHeader } from './header.ts'

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
