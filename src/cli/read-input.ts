import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import { readRegularFile } from './read-file.ts'
import { decodeUtf8 } from './utf8.ts'

/** A file that the user named; its absence is a mistake. */
export interface WantedFile {
  readonly file: string
  /** "a weights file", as a message puts it. */
  readonly wanted: string
  readonly limit: number
}

/** @throws DiagnosticError E0111, E0112, E0114 */
export function readInput({ file, wanted, limit }: WantedFile): Uint8Array {
  const bytes = readRegularFile({ file, shown: file, wanted, limit })
  if (bytes !== undefined) return bytes
  throw new DiagnosticError([diagnose('E0114', { path: file }, { reason: 'there is no such file' })])
}

/** @throws DiagnosticError also E0113 */
export const readTextInput = (request: WantedFile): string => decodeUtf8(readInput(request), request.file)
