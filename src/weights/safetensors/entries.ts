import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError, type Diagnostic, type FilePlace } from '../../diagnostics/diagnostic.ts'
import { readableName, readableShape } from '../readable.ts'
import { dtypeNames, elementBits } from './dtype.ts'
import type { TensorEntry, TensorStore } from './file.ts'
import { isObject, LENGTH_BYTES, type Header, type JsonObject } from './header.ts'

/** What checks of entries need to know of the file. */
export interface Surroundings {
  readonly header: Header
  readonly home: TensorStore
}

/**
 * One entry of the header, checked by itself: known dtype, a shape of sizes, offsets inside the data, and as many
 * bytes as the shape takes.
 * @throws DiagnosticError E0604 to E0607
 */
export function readEntry(name: string, entry: unknown, file: Surroundings): TensorEntry {
  const tensor = readableName(name)
  const { path, data } = file.home
  const refuse = (build: (place: FilePlace, tensor: string) => Diagnostic): never => {
    throw new DiagnosticError([build({ path, offset: offsetOfEntry(name, file.header) }, tensor)])
  }
  const field = (field: 'entry' | 'dtype' | 'shape' | 'data_offsets'): never =>
    refuse((place, tensor) => diagnose('E0604', place, { tensor, field }))

  if (!isObject(entry)) return field('entry')
  const dtype = typeof entry['dtype'] === 'string' ? entry['dtype'] : field('dtype')
  const bits = elementBits(dtype)
  if (bits === undefined)
    return refuse((place) =>
      diagnose('E0605', place, { tensor, dtype: readableName(dtype), known: dtypeNames }),
    )
  const shape = readSizes(entry, 'shape') ?? field('shape')
  const [begin, end, ...more] = readSizes(entry, 'data_offsets') ?? []
  if (begin === undefined || end === undefined || more.length > 0) return field('data_offsets')
  if (end < begin || end > data.length)
    return refuse((place) => diagnose('E0606', place, { tensor, begin, end, available: data.length }))
  const expected = shape.reduce((product, size) => product * size, bits) / 8
  if (expected !== end - begin)
    return refuse((place) =>
      diagnose('E0607', place, { tensor, shape: readableShape(shape), dtype, expected, bytes: end - begin }),
    )
  return { name, dtype, shape, begin, end, home: file.home }
}

function readSizes(entry: JsonObject, field: string): readonly number[] | undefined {
  const sizes: unknown = entry[field]
  return Array.isArray(sizes) && sizes.every(isSize) ? sizes : undefined
}

const isSize = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

/** Where the file names the tensor. A name that is written with escapes is not found: then the header's start. */
function offsetOfEntry(name: string, header: Header): number {
  const at = header.text.indexOf(JSON.stringify(name))
  return LENGTH_BYTES + new TextEncoder().encode(header.text.slice(0, Math.max(0, at))).length
}
