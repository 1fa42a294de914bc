import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { parseDictionary } from './dictionary.ts'

export interface NpyHeader {
  /** numpy's name of the dtype: `<f4`. */
  readonly dtype: string
  readonly fortranOrder: boolean
  readonly shape: readonly number[]
  /** Offset of the values. */
  readonly dataStart: number
}

export type HeaderProblem = 'not-npy' | 'version' | 'truncated' | 'header-too-long' | 'not-a-dictionary'

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
