import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs'
import type { Outcome } from '../../analysis/sweep/outcome.ts'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { errorCode, reasonOf, statOf } from '../../runtime/files/file-system.ts'
import { readRegularFile } from '../../runtime/files/read-file.ts'
import { decodeUtf8 } from '../../runtime/files/utf8.ts'
import { differing, type Fingerprint } from './fingerprint.ts'
import { headerLine, outcomesLine, readJournal } from './journal-text.ts'

/** What to do about an unfinished sweep; without a word, it is not touched. */
export type Attitude = 'resume' | 'restart' | 'refuse'

export interface JournalRequest {
  /** Of the table that the sweep is to end in. */
  readonly output: string
  readonly fingerprint: Fingerprint
  readonly points: number
  readonly attitude: Attitude
}

/** A million points take some 120 MB. */
const LIMIT = 512 * 1024 * 1024

/** The results of a sweep while it lasts: a file beside its table to which each few points are appended at once. */
export class Journal {
  private constructor(
    private readonly path: string,
    private readonly descriptor: number,
    /** What an earlier run has left. */
    readonly known: readonly Outcome[],
  ) {}

  /**
   * @throws DiagnosticError E1407 to E1409, and those of files
   */
  static open({ output, fingerprint, points, attitude }: JournalRequest): Journal {
    const path = `${output}.unfinished`
    if (statOf(path) === undefined || attitude === 'restart')
      return reporting(path, () => {
        const descriptor = openSync(path, 'w')
        writeSync(descriptor, headerLine(fingerprint))
        return new Journal(path, descriptor, [])
      })
    if (attitude === 'refuse') throw new DiagnosticError([diagnose('E1409', { path }, {})])
    const { outcomes, end } = unfinished(path, fingerprint, points)
    return reporting(path, () => {
      const descriptor = openSync(path, 'r+')
      ftruncateSync(descriptor, end)
      closeSync(descriptor)
      return new Journal(path, openSync(path, 'a'), outcomes)
    })
  }

  /** @throws DiagnosticError E0907 */
  append(first: number, outcomes: readonly Outcome[]): void {
    reporting(this.path, () => writeSync(this.descriptor, outcomesLine(first, outcomes)))
  }

  close(): void {
    closeSync(this.descriptor)
  }

  /** When the table is written, nothing is unfinished. */
  remove(): void {
    rmSync(this.path, { force: true })
  }
}

function unfinished(path: string, fingerprint: Fingerprint, points: number) {
  const bytes = readRegularFile({ file: path, shown: path, wanted: 'an unfinished sweep', limit: LIMIT })
  const read = readJournal(decodeUtf8(bytes ?? new Uint8Array(), path), points)
  if (typeof read === 'string') throw new DiagnosticError([diagnose('E1408', { path }, { reason: read })])
  const others = differing(fingerprint, read.fingerprint)
  if (others.length > 0) throw new DiagnosticError([diagnose('E1407', { path }, { differing: others })])
  return read
}

function reporting<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    throw new DiagnosticError([diagnose('E0907', { path }, { reason: reasonOf(code) })])
  }
}
