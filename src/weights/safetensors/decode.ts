import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { decodeFloats, findNonFinite, FLOAT_BYTES } from '../floats.ts'
import { readableName } from '../readable.ts'
import { isFloatFormat } from './dtype.ts'
import type { TensorEntry, TensorStore } from './file.ts'

/**
 * The values of a tensor of floating point as float32, in the file's order.
 * @throws DiagnosticError E0611 at the first value that is NaN, infinite, or too large for float32
 */
export function decodeTensor(home: TensorStore, { name, dtype, begin, end }: TensorEntry): Float32Array {
  if (!isFloatFormat(dtype)) throw new TypeError(`${name} is not floating point`)
  const bytes = home.data.subarray(begin, end)
  const values = decodeFloats(bytes, dtype)
  const fault = findNonFinite(values, bytes, dtype)
  if (fault === undefined) return values
  const place = { path: home.path, offset: home.dataStart + begin + fault.index * FLOAT_BYTES[dtype] }
  throw new DiagnosticError([diagnose('E0611', place, { tensor: readableName(name), ...fault })])
}
