import { realpathSync, statSync, type Stats } from 'node:fs'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'

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
