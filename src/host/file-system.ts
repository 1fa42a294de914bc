import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import {
  realpathSync,
  statSync,
  type Stats,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
} from 'node:fs'

/**
 * UTF-8 as text; a byte order mark is dropped.
 * @throws DiagnosticError E0903 at the first byte that is no UTF-8
 */
export function decodeUtf8(bytes: Uint8Array, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const offset = firstBadByte(bytes)
    throw new DiagnosticError([
      diagnose('E0903', { path: shown, offset }, { offset, byte: bytes[offset] ?? 0 }),
    ])
  }
}

/** The offset of the first character that is none, found by halving. */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0
  let bad = bytes.length
  while (good < bad) {
    const middle = (good + bad + 1) >> 1
    if (decodes(bytes.subarray(0, middle), { stream: true })) good = middle
    else bad = middle - 1
  }
  return decodes(bytes.subarray(0, good), { stream: false }) ? good : startOfCharacter(bytes, good - 1)
}

/** Whether this is UTF-8; a stream may end within a character. */
function decodes(bytes: Uint8Array, options: { stream: boolean }): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, options)
    return true
  } catch {
    return false
  }
}

function startOfCharacter(bytes: Uint8Array, last: number): number {
  let at = last
  while (at > 0 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at--
  return at
}

/** @throws DiagnosticError E0904 where the file system cannot tell: links in a circle, a folder that is closed */
export function statOf(path: string): Stats | undefined {
  // No file is called so; node takes it for a mistake of the program.
  if (path.includes('\0')) return undefined
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    throw new DiagnosticError([diagnose('E0904', { path }, { reason: reasonOf(code) })])
  }
}

/**
 * Where a file or folder really lies, links followed.
 * @throws DiagnosticError E0785 where a name on the way is not UTF-8, and so cannot be told in text; faults of the file system
 */
export function realPathOf(file: string, shown: string): string {
  const bytes = realpathSync.native(file, 'buffer')
  const path = bytes.toString('utf8')
  if (Buffer.from(path).equals(bytes)) return path
  throw new DiagnosticError([diagnose('E0785', { path: shown }, {})])
}

/** The command line and the file system give this for bytes that are not UTF-8. */
export const isUndecoded = (path: string): boolean => path.includes('\uFFFD')

export function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder'
  if (stats.isFIFO()) return 'a named pipe'
  if (stats.isSocket()) return 'a socket'
  return stats.isFile() ? 'a file' : 'a device'
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  EISDIR: 'it is a folder',
  ENXIO: 'it is a device without a driver or a socket',
  ENOSPC: 'no space is left',
  EROFS: 'the file system is read-only',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EBADF: 'it is not open for writing',
  EAGAIN: 'it takes nothing at the moment',
  EEXIST: 'a file has its name',
  ENOTEMPTY: 'a folder has its name',
}

/** `ENOENT` and its like; `undefined` for anything that is no fault of the file system, or of no file (`isWorkingFolderGone`). */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined
  if (error.syscall === ASKING_WHERE) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** What `process.cwd` calls, and with it much of node:path. */
const ASKING_WHERE = 'uv_cwd'

/** Whether relative paths lead nowhere any more. */
export function isWorkingFolderGone(): boolean {
  try {
    process.cwd()
    return false
  } catch {
    return true
  }
}

/** A fault of the file system in words. */
export const reasonOf = (code: string): string => reasons[code] ?? code

interface ReadRequest {
  /** Where the file is. */
  readonly file: string
  /** What diagnostics call it. */
  readonly shown: string
  /** What the caller expects to find, for the message: "a source". */
  readonly wanted: string
  /** The most bytes that the file may have. */
  readonly limit: number
  /** How many bytes of its beginning are read; all, where it is left out. */
  readonly start?: number
}

/**
 * The bytes of a regular file; `undefined` where there is no such file. Opens without blocking and asks the open
 * file what it is, so that a pipe or a device in its place is refused and never waited for.
 * @throws DiagnosticError E0901, E0902, E0904
 */
export function readRegularFile(request: ReadRequest): Uint8Array | undefined {
  try {
    const descriptor = openSync(request.file, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      return readDescriptor(descriptor, request)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    return refuse(error, request)
  }
}

/**
 * The bytes of an open file, as above.
 * @throws DiagnosticError E0901, E0902
 */
export const readDescriptor = (descriptor: number, request: Omit<ReadRequest, 'file'>): Uint8Array =>
  readAll(descriptor, Math.min(acceptable(fstatSync(descriptor), request), request.start ?? Infinity))

function acceptable(stats: Stats, { shown, wanted, limit }: Omit<ReadRequest, 'file'>): number {
  if (!stats.isFile())
    throw new DiagnosticError([diagnose('E0901', { path: shown }, { kind: kindOf(stats), wanted })])
  if (stats.size > limit)
    throw new DiagnosticError([diagnose('E0902', { path: shown }, { size: stats.size, limit })])
  return stats.size
}

function readAll(descriptor: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let filled = 0
  while (filled < size) {
    const count = readSync(descriptor, bytes, filled, size - filled, null)
    if (count === 0) break
    filled += count
  }
  return bytes.subarray(0, filled)
}

/** Faults of the file system that the user can act on become diagnostics; others are passed on. */
function refuse(error: unknown, { shown }: ReadRequest): undefined {
  const code = errorCode(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
  const reason = code === undefined ? undefined : reasonOf(code)
  if (reason === undefined) throw error
  throw new DiagnosticError([diagnose('E0904', { path: shown }, { reason })])
}

/** A file that the user named; its absence is a mistake. */
interface WantedFile {
  readonly file: string
  /** "a weights file", as a message puts it. */
  readonly wanted: string
  readonly limit: number
  /** How many bytes of its beginning are read; all, where it is left out. */
  readonly start?: number
}

/** @throws DiagnosticError E0901, E0902, E0904 */
export function readInput({ file, ...wish }: WantedFile): Uint8Array {
  const bytes = readRegularFile({ file, shown: file, ...wish })
  if (bytes !== undefined) return bytes
  if (isUndecoded(file)) throw new DiagnosticError([diagnose('E0785', { path: file }, {})])
  throw new DiagnosticError([diagnose('E0904', { path: file }, { reason: 'there is no such file' })])
}

/** @throws DiagnosticError also E0903 */
export const readTextInput = (request: WantedFile): string => decodeUtf8(readInput(request), request.file)
