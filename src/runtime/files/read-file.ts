import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { errorCode, kindOf, reasonOf } from './file-system.ts'

export interface ReadRequest {
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
