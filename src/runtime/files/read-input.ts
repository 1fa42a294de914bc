import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { isUndecoded } from './file-system.ts'
import { readRegularFile } from './read-file.ts'
import { decodeUtf8 } from './utf8.ts'

/** A file that the user named; its absence is a mistake. */
export interface WantedFile {
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
