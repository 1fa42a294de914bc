import { FLOAT_BYTES, type FloatFormat, decodeFloats, findNonFinite } from '../floats.ts'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError, type Diagnostic, type FilePlace } from '../../diagnostics/diagnostic.ts'
import { readableName, readableShape } from '../readable.ts'
import { foreignFile } from '../foreign-file.ts'

/** The most tensors that one file or one index of shards may name. The largest checkpoints have some thousands. */
export const TENSOR_LIMIT = 100_000

/** Colons, commas and opening brackets together; an entry of a tensor has about 15 of them. */
const TOKEN_LIMIT = 30 * TENSOR_LIMIT

/** The most bytes of JSON that are parsed: 300 for each of the most tensors. */
const JSON_LIMIT = 2 ** 25

/** A header holds objects that hold lists; parsing millions of brackets would take minutes. */
const DEPTH_LIMIT = 8

const [QUOTE, BACKSLASH, COLON, COMMA, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] =
  new TextEncoder().encode('"\\:,{}[]')

type JsonExcess = 'depth' | 'tensors' | 'values' | 'bytes'

interface JsonScan {
  /** The keys of the outermost object as they are written; a parser keeps only the last of equal ones. */
  readonly keys: number
  /** Which limit the text exceeds: it is not to be parsed. */
  readonly excess?: JsonExcess
}

/**
 * Looks over JSON in one pass, before a parser makes an object of each of its values: 100 MB of small objects would
 * take gigabytes. The scan stops at the first limit that the text exceeds. It does not check the grammar.
 */
export function scanJson(bytes: Uint8Array): JsonScan {
  let [depth, keys, tokens, inString] = [0, 0, 0, false]
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (inString && byte === BACKSLASH) at++
    else if (byte === QUOTE) inString = !inString
    else if (inString) continue
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      tokens++
      if (++depth > DEPTH_LIMIT) return { keys, excess: 'depth' }
    } else if (byte === COLON || byte === COMMA) {
      tokens++
      if (byte === COLON && depth === 1) keys++
    }
    // One key more than tensors: `__metadata__`.
    if (keys > TENSOR_LIMIT + 1) return { keys, excess: 'tensors' }
    if (tokens > TOKEN_LIMIT) return { keys, excess: 'values' }
  }
  return bytes.length > JSON_LIMIT ? { keys, excess: 'bytes' } : { keys }
}

/** What a diagnostic says of the limit (E0651). */
const limitOf = (excess: Exclude<JsonExcess, 'depth'>): number =>
  ({ tensors: TENSOR_LIMIT, values: TOKEN_LIMIT, bytes: JSON_LIMIT })[excess]

/** What a dtype holds: floats that are read, other floats, and what no parameter here is. */
type DtypeKind = 'float' | 'unread-float' | 'integer' | 'complex'

interface Dtype {
  readonly bits: number
  readonly kind: DtypeKind
}

const rows = (kind: DtypeKind, bits: number, names: readonly string[]) =>
  names.map((name) => [name, { bits, kind }] as const)

/** The dtypes of safetensors 0.7 by its names. */
const DTYPES: ReadonlyMap<string, Dtype> = new Map<string, Dtype>([
  ...Object.entries(FLOAT_BYTES).map(([name, bytes]) => [name, { bits: 8 * bytes, kind: 'float' }] as const),
  ...rows('unread-float', 8, ['F8_E4M3', 'F8_E5M2', 'F8_E8M0', 'F8_E4M3FNUZ', 'F8_E5M2FNUZ']),
  ...rows('unread-float', 6, ['F6_E2M3', 'F6_E3M2']),
  ...rows('unread-float', 4, ['F4']),
  ...rows('integer', 8, ['BOOL', 'U8', 'I8']),
  ...rows('integer', 16, ['U16', 'I16']),
  ...rows('integer', 32, ['U32', 'I32']),
  ...rows('integer', 64, ['U64', 'I64']),
  ...rows('complex', 64, ['C64']),
])

const dtypeNames: readonly string[] = [...DTYPES.keys()]

/** Bits of an element; the values of a tensor fill whole bytes. */
const elementBits = (dtype: string): number | undefined => DTYPES.get(dtype)?.bits

export const kindOfDtype = (dtype: string): DtypeKind | undefined => DTYPES.get(dtype)?.kind

/** Whether parameters can be read from it; the others are known only so that they can be passed over. */
export const isFloatFormat = (dtype: string): dtype is FloatFormat => Object.hasOwn(FLOAT_BYTES, dtype)

/** Bytes of one file that hold the values of tensors. */
export interface TensorStore {
  /** How diagnostics name the file. */
  readonly path: string
  /** Everything behind the header. */
  readonly data: Uint8Array
  /** Offset of `data` in the file. */
  readonly dataStart: number
}

/** What the header says of one tensor; checked against the file. */
export interface TensorEntry {
  readonly name: string
  /** Safetensors' name of the dtype: `F32`, `BF16`, `I64` ... */
  readonly dtype: string
  readonly shape: readonly number[]
  /** Where its values lie in `home.data`: `begin` inclusive, `end` exclusive. */
  readonly begin: number
  readonly end: number
  /** The file that holds its values: of a checkpoint in shards, each tensor has its own. */
  readonly home: TensorStore
}

/** The tensors of one file, or of several that an index holds together. They are decoded when they are asked for. */
export interface Checkpoint {
  /** How diagnostics name it: the file, or the index of its shards. */
  readonly path: string
  /** The free text of `__metadata__`; empty for an index. */
  readonly metadata: ReadonlyMap<string, string>
  readonly tensors: ReadonlyMap<string, TensorEntry>
}

/** A checked safetensors file. */
export interface SafetensorsFile extends Checkpoint, TensorStore {}

/**
 * The format leaves no byte of the data unused and none used twice: tensors follow each other without gaps, in any
 * order, to the end of the file.
 * @throws DiagnosticError E0608, E0609
 */
function checkLayout(
  tensors: readonly TensorEntry[],
  file: { readonly path: string; readonly dataStart: number; readonly available: number },
): void {
  const inOrder = [...tensors].sort((a, b) => a.begin - b.begin || a.end - b.end)
  let before: TensorEntry | undefined
  for (const tensor of inOrder) {
    checkNeighbours(before, tensor, file)
    before = tensor
  }
  const used = before?.end ?? 0
  if (used < file.available)
    throw new DiagnosticError([
      diagnose('E0609', { path: file.path, offset: file.dataStart + used }, { bytes: file.available - used }),
    ])
}

function checkNeighbours(
  before: TensorEntry | undefined,
  tensor: TensorEntry,
  file: { readonly path: string; readonly dataStart: number },
): void {
  const gap = tensor.begin - (before?.end ?? 0)
  if (gap === 0) return
  throw new DiagnosticError([
    diagnose(
      'E0608',
      { path: file.path, offset: file.dataStart + Math.min(tensor.begin, before?.end ?? 0) },
      {
        kind: gap < 0 ? 'overlap' : 'gap',
        tensor: readableName(tensor.name),
        before: before === undefined ? undefined : readableName(before.name),
        bytes: Math.abs(gap),
      },
    ),
  ])
}

/** What checks of entries need to know of the file. */
interface Surroundings {
  readonly header: Header
  readonly home: TensorStore
}

/**
 * One entry of the header, checked by itself: known dtype, a shape of sizes, offsets inside the data, and as many
 * bytes as the shape takes.
 * @throws DiagnosticError E0604 to E0607
 */
function readEntry(name: string, entry: unknown, file: Surroundings): TensorEntry {
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

/** Bytes of the header's length, at the start of the file. */
const LENGTH_BYTES = 8

/** The limit of the format's own implementation. */
const HEADER_LIMIT = 100_000_000

export type JsonObject = Readonly<Record<string, unknown>>

interface Header {
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
function readHeader(bytes: Uint8Array, path: string): Header {
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

/**
 * Reads a safetensors file (github.com/huggingface/safetensors, "Format"): a length, a JSON header, data. The
 * header is checked in full before anything is decoded; time and memory stay in proportion to the file.
 * @param path how diagnostics name the file
 * @throws DiagnosticError E0601 to E0609, E0650 and E0651, with the byte offset at fault
 */
export function readSafetensors(bytes: Uint8Array, path: string): SafetensorsFile {
  const header = readHeader(bytes, path)
  const { dataStart, metadata } = header
  const home = { path, data: bytes.subarray(dataStart), dataStart }
  const entries = header.entries.map(([name, entry]) => readEntry(name, entry, { header, home }))
  checkLayout(entries, { path, dataStart, available: home.data.length })
  return { ...home, metadata, tensors: new Map(entries.map((entry) => [entry.name, entry])) }
}
