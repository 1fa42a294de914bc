import { constants, open, type FileHandle } from 'node:fs/promises'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'

const BYTE_LIMIT = 2 ** 27

/**
 * The bytes of a picture's file. A pipe or a device is refused, never waited for.
 * @throws DiagnosticError E0901, E0902, E0904
 */
export async function readPicture(path: string): Promise<Uint8Array> {
  let file: FileHandle | undefined
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    await refuseUnfit(file, path)
    return await file.readFile()
  } catch (error) {
    if (error instanceof DiagnosticError) throw error
    throw new DiagnosticError([diagnose('E0904', { path }, { reason: reasonOf(error) })])
  } finally {
    await file?.close()
  }
}

async function refuseUnfit(file: FileHandle, path: string): Promise<void> {
  const stats = await file.stat()
  if (!stats.isFile()) {
    const kind = stats.isDirectory() ? 'a folder' : 'a pipe or a device'
    throw new DiagnosticError([diagnose('E0901', { path }, { kind, wanted: 'an image' })])
  }
  if (stats.size > BYTE_LIMIT)
    throw new DiagnosticError([diagnose('E0902', { path }, { size: stats.size, limit: BYTE_LIMIT })])
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is not a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown fault'
  return REASONS[code] ?? code
}
