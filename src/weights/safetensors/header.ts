import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError, type FilePlace } from '../../diagnostics/diagnostic.ts'
import { foreignFile } from '../foreign/foreign-file.ts'
import { limitOf, scanJson, type JsonExcess } from './json-scan.ts'

/** Bytes of the header's length, at the start of the file. */
export const LENGTH_BYTES = 8

/** The limit of the format's own implementation. */
const HEADER_LIMIT = 100_000_000

export type JsonObject = Readonly<Record<string, unknown>>

export interface Header {
  /** The header's text, to find a faulty entry again. */
  readonly text: string
  readonly entries: readonly (readonly [name: string, entry: unknown])[]
  readonly metadata: ReadonlyMap<string, string>
  /** Where the tensors' data begins in the file. */
  readonly dataStart: number
}

/**
 * Reads the header: its length as u64, then that many bytes of JSON.
 * @throws DiagnosticError E0601, E0602, E0603, E0650, E0651
 */
export function readHeader(bytes: Uint8Array, path: string): Header {
  refuseForeign(bytes, path)
  const dataStart = LENGTH_BYTES + headerLength(bytes, path)
  const headerBytes = bytes.subarray(LENGTH_BYTES, dataStart)
  const { keys, excess } = scanJson(headerBytes)
  if (excess === 'depth') return unreadable('too-deep', path)
  if (excess !== undefined) throw tooLarge(excess, { path, offset: LENGTH_BYTES })
  const text = headerText(headerBytes, path)
  const { __metadata__: metadata, ...tensors } = headerObject(text, path)
  const names = Object.keys(tensors).length + (metadata === undefined ? 0 : 1)
  if (keys > names) return unreadable('duplicate', path)
  return { text, entries: Object.entries(tensors), metadata: readMetadata(metadata, path), dataStart }
}

/** Text, archives and other formats say what they are, where there is no header of safetensors. */
function refuseForeign(bytes: Uint8Array, path: string): void {
  const foreign = foreignFile(bytes)
  if (foreign !== undefined) throw new DiagnosticError([diagnose('E0650', { path }, { path, ...foreign })])
}

export const tooLarge = (what: Exclude<JsonExcess, 'depth'>, place: FilePlace): DiagnosticError =>
  new DiagnosticError([diagnose('E0651', place, { what, limit: limitOf(what) })])

function headerLength(bytes: Uint8Array, path: string): number {
  if (bytes.length < LENGTH_BYTES)
    throw new DiagnosticError([diagnose('E0601', { path, offset: 0 }, { bytes: bytes.length })])
  const declared = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  const available = bytes.length - LENGTH_BYTES
  if (declared > BigInt(Math.min(available, HEADER_LIMIT)))
    throw new DiagnosticError([
      diagnose('E0602', { path, offset: 0 }, { declared, available, limit: HEADER_LIMIT }),
    ])
  return Number(declared)
}

function headerText(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return unreadable('not-utf8', path)
  }
}

function headerObject(text: string, path: string): JsonObject {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return unreadable('not-json', path)
  }
  return isObject(parsed) ? parsed : unreadable('not-an-object', path)
}

function readMetadata(metadata: unknown, path: string): ReadonlyMap<string, string> {
  if (metadata === undefined) return new Map()
  if (!isObject(metadata)) return unreadable('bad-metadata', path)
  return new Map(
    Object.entries(metadata).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : unreadable('bad-metadata', path),
    ]),
  )
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function unreadable(
  problem: 'not-utf8' | 'too-deep' | 'duplicate' | 'not-json' | 'not-an-object' | 'bad-metadata',
  path: string,
): never {
  throw new DiagnosticError([diagnose('E0603', { path, offset: LENGTH_BYTES }, { problem })])
}
