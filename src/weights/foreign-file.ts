import type { ForeignKind } from '../diagnostics/catalogue/weight-files.ts'
import { readableName } from './readable.ts'

/** What a file is that does not begin as safetensors does. */
interface ForeignFile {
  readonly kind: ForeignKind
  /** Of a Git LFS pointer the size of what it stands for; of text its first line; of an archive its format. */
  readonly detail?: string
}

/** Looked at to tell text from bytes, and for a line to quote. */
const TEXT_WINDOW = 512
/** Looked at for names: of members at an archive's end, where its directory lies; of keys at the start of JSON. */
const NAMES_WINDOW = 2 ** 16
/** No header of safetensors is longer: a larger length is no length. */
const MOST_HEADER_BYTES = 100_000_000

/**
 * Says what the bytes are, where they are something else than safetensors and can be told by how they begin.
 * `undefined` for safetensors, for bytes too few to tell, and for what is not known.
 */
export function foreignFile(bytes: Uint8Array): ForeignFile | undefined {
  if (bytes.length < 8 || beginsAsSafetensors(bytes)) return undefined
  return byMagic(bytes) ?? ofText(bytes)
}

/** Whether the file may be an index of shards: it is text that begins with a brace. */
export const isJsonText = (bytes: Uint8Array): boolean =>
  ['json', 'index'].includes(foreignFile(bytes)?.kind ?? '')

/** A length that fits into 27 bits, then the brace of the header. Neither text nor any format below begins so. */
function beginsAsSafetensors(bytes: Uint8Array): boolean {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  return length <= BigInt(MOST_HEADER_BYTES) && bytes[8] === '{'.charCodeAt(0)
}

/** Each byte as one character. */
const characters = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

/** How formats begin. */
const MAGIC: readonly (readonly [start: string, kind: ForeignKind, detail?: string])[] = [
  ['\x89HDF\r\n\x1a\n', 'hdf5'],
  ['\x93NUMPY', 'npy'],
  ['GGUF', 'gguf'],
  ['\x1f\x8b\x08', 'compressed', 'gzip'],
  ['BZh', 'compressed', 'bzip2'],
  ['\xfd7zXZ\0', 'compressed', 'xz'],
  ['\x28\xb5\x2f\xfd', 'compressed', 'zstd'],
  ['7z\xbc\xaf\x27\x1c', 'compressed', '7z'],
  ['Rar!\x1a\x07', 'compressed', 'rar'],
  ['\x89PNG\r\n\x1a\n', 'picture'],
  ['\xff\xd8\xff', 'picture'],
]

function byMagic(bytes: Uint8Array): ForeignFile | undefined {
  const start = characters(bytes.subarray(0, TEXT_WINDOW))
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06')) return ofZip(bytes, start)
  const found = MAGIC.find(([magic]) => start.startsWith(magic))
  if (found !== undefined) return { kind: found[1], ...(found[2] === undefined ? {} : { detail: found[2] }) }
  if (start.startsWith('TFL3', 4)) return { kind: 'tflite' }
  if (start.startsWith('ustar', 257)) return { kind: 'compressed', detail: 'tar' }
  if (isPickle(start)) return { kind: start.startsWith(TORCH_NUMBER, 2) ? 'old-pytorch' : 'pickle' }
  return isOnnx(bytes) ? { kind: 'onnx' } : undefined
}

/** The long integer 0x1950a86a20f9469cfc6c, with which `torch.save` began before version 1.6. */
const TORCH_NUMBER = '\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19'

/** The opcode PROTO and a version; older ones than 2 begin as text. */
const isPickle = (start: string): boolean => /^\x80[\x02-\x05]/.test(start)

/** A protobuf whose first field is `ir_version`, followed by another of the model's own. */
function isOnnx([tag, version = 0, next = 0]: Uint8Array): boolean {
  return tag === 0x08 && version > 0 && version < 32 && [0x12, 0x1a, 0x22, 0x3a, 0x42].includes(next)
}

/** A zip by the names of its members: the first stands at its start, all of them at its end. */
function ofZip(bytes: Uint8Array, start: string): ForeignFile {
  const directory = new TextDecoder('latin1').decode(bytes.subarray(-NAMES_WINDOW))
  const holds = (name: string): boolean => start.includes(name) || directory.includes(name)
  if (holds('/constants.pkl') && holds('/code/')) return { kind: 'torchscript' }
  if (holds('/data.pkl')) return { kind: 'pytorch' }
  if (holds('model.weights.h5')) return { kind: 'hdf5' }
  if (holds('.npy')) return { kind: 'npz' }
  return { kind: 'compressed', detail: 'zip' }
}

function ofText(bytes: Uint8Array): ForeignFile | undefined {
  const text = textOf(bytes.subarray(0, TEXT_WINDOW))
  if (text === undefined) return undefined
  if (/^version https:\/\/(git-lfs\.github\.com|hawser\.github\.com)\/spec\//.test(text)) {
    const size = /^size (\d{1,20})$/m.exec(text)?.[1]
    return { kind: 'git-lfs', ...(size === undefined ? {} : { detail: size }) }
  }
  if (/^(<!doctype html|<html|<head|<body)/i.test(text)) return { kind: 'html' }
  if (text.startsWith('<')) return { kind: 'xml' }
  if (text.startsWith('{')) {
    const beginning = new TextDecoder('latin1').decode(bytes.subarray(0, NAMES_WINDOW))
    return { kind: beginning.includes('"weight_map"') ? 'index' : 'json' }
  }
  return { kind: 'text', detail: readableName(text.split('\n', 1)[0]?.trimEnd() ?? '') }
}

/** The bytes as text, from the first character that is no space; `undefined` where they are none. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    // The window may end within a character.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true }).trimStart()
    return text === '' || /[\x00-\x08\x0e-\x1f\x7f]/.test(text) ? undefined : text
  } catch {
    return undefined
  }
}
