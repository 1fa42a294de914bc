import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs'
import type { Outcome } from '../../analysis/sweep/outcome.ts'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { errorCode, kindOf, reasonOf } from '../../runtime/files/file-system.ts'
import { readDescriptor } from '../../runtime/files/read-file.ts'
import { lstatOf } from '../output-place.ts'
import { differing, type Fingerprint } from './fingerprint.ts'
import { beginsAsJournal, headerLine, outcomesLine, readJournal, type Unfinished } from './journal-text.ts'

/** What to do about an unfinished sweep; without a word, it is not touched. */
export type Attitude = 'resume' | 'restart' | 'refuse'

export interface JournalRequest {
  /** Of the table that the sweep is to end in. */
  readonly output: string
  readonly fingerprint: Fingerprint
  readonly points: number
  readonly attitude: Attitude
}

/** A million points take some 130 MB. */
const LIMIT = 512 * 1024 * 1024
/** Enough of a file to see whether a sweep began it. */
const BEGINNING = 64

const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_APPEND } = constants

/**
 * The results of a sweep while it lasts: a file beside its table to which each few points are appended at once. Its name
 * is made up here, so that whoever prepared a folder knows it too: nothing is written or removed under that name but what
 * a sweep of the same user left there.
 */
export class Journal {
  private constructor(
    private readonly path: string,
    private readonly descriptor: number,
    private readonly fingerprint: Fingerprint,
    /** What an earlier run has left. */
    readonly known: readonly Outcome[],
    /** The line from which on an earlier run's are not what it wrote, if there is one; its points are not known. */
    readonly damaged?: number,
  ) {}

  /**
   * @throws DiagnosticError E0783, E1407 to E1409, and those of files
   */
  static open({ output, fingerprint, points, attitude }: JournalRequest): Journal {
    const path = `${output}.unfinished`
    return reporting(path, () => {
      const isThere = lstatOf(path) !== undefined
      if (isThere && attitude === 'refuse') throw new DiagnosticError([diagnose('E1409', { path }, {})])
      if (isThere && attitude === 'resume') return Journal.resume(path, fingerprint, points)
      if (isThere) removeOwn(path)
      const descriptor = openSync(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_APPEND, 0o666)
      writeSync(descriptor, headerLine(fingerprint))
      return new Journal(path, descriptor, fingerprint, [])
    })
  }

  private static resume(path: string, fingerprint: Fingerprint, points: number): Journal {
    const descriptor = openOwn(path)
    try {
      const { outcomes, end, damaged } = unfinished(descriptor, { path, fingerprint, points })
      ftruncateSync(descriptor, end)
      return new Journal(path, descriptor, fingerprint, outcomes, damaged)
    } catch (error) {
      closeSync(descriptor)
      throw error
    }
  }

  /** @throws DiagnosticError E0907 */
  append(first: number, outcomes: readonly Outcome[]): void {
    const line = outcomesLine(this.fingerprint, first, outcomes)
    reporting(this.path, () => writeSync(this.descriptor, line))
  }

  close(): void {
    closeSync(this.descriptor)
  }

  /** When the table is written, nothing is unfinished. */
  remove(): void {
    rmSync(this.path, { force: true })
  }
}

/** Opens what a sweep of this user left. What is asked is the open file: its name may belong to another by now. */
function openOwn(path: string): number {
  const stats = lstatOf(path)
  if (stats?.isFile() !== true) throw taken(path, 'kind', stats === undefined ? '' : kindOf(stats))
  const descriptor = openSync(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_APPEND)
  try {
    const { nlink, uid } = fstatSync(descriptor)
    if (nlink > 1) throw taken(path, 'shared')
    // Windows has no such number.
    if (process.geteuid !== undefined && uid !== process.geteuid()) throw taken(path, 'owner')
    return descriptor
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/** Whatever state a sweep left it in, but nothing that another program wrote. */
function removeOwn(path: string): void {
  const descriptor = openOwn(path)
  const start = Buffer.alloc(BEGINNING)
  const length = readSync(descriptor, start, 0, BEGINNING, 0)
  closeSync(descriptor)
  if (!beginsAsJournal(start.toString('latin1', 0, length))) throw taken(path, 'foreign')
  rmSync(path)
}

const taken = (path: string, fault: 'foreign' | 'kind' | 'shared' | 'owner', kind = ''): DiagnosticError =>
  new DiagnosticError([diagnose('E0783', { path }, { fault, kind })])

interface Wanted {
  readonly path: string
  readonly fingerprint: Fingerprint
  readonly points: number
}

function unfinished(descriptor: number, { path, fingerprint, points }: Wanted): Unfinished {
  const bytes = readDescriptor(descriptor, { shown: path, wanted: 'an unfinished sweep', limit: LIMIT })
  const read = readJournal(Buffer.from(bytes).toString('latin1'), points)
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
