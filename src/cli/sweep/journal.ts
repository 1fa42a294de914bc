import { createHash } from 'node:crypto'
import { sweepMeasures, type Outcome } from '../../sweep/evaluate.ts'
import { type Fingerprint, differing } from './plan.ts'
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
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { errorCode, kindOf, reasonOf, readDescriptor } from '../../host/file-system.ts'
import { lstatOf } from '../write-output.ts'

/** Version of the form of a journal. */
const VERSION = 2
const BEGINNING = '{"archc_unfinished_sweep":'

/** What an unfinished sweep has left. */
interface Unfinished {
  readonly fingerprint: Fingerprint
  /** Of the first points, in their order. */
  readonly outcomes: readonly Outcome[]
  /** Bytes of the text that are whole; behind them, a line was cut off or is damaged. */
  readonly end: number
  /** The first line that is not what a sweep wrote, counted from 1. One that was cut off at the end is no damage. */
  readonly damaged?: number
}

/** Whether a sweep wrote the file that begins so, of whatever version. */
const beginsAsJournal = (start: string): boolean => start.startsWith(BEGINNING) || BEGINNING.startsWith(start)

/** The first line of a journal. */
export const headerLine = (fingerprint: Fingerprint): string =>
  sealed(JSON.stringify({ archc_unfinished_sweep: VERSION, fingerprint }), '')

/** A line for some points in a row. */
export const outcomesLine = (fingerprint: Fingerprint, first: number, outcomes: readonly Outcome[]): string =>
  sealed(JSON.stringify([first, outcomes]), JSON.stringify(fingerprint))

/** JSON and, behind a tab, a checksum of it and of what it belongs to: a line of another sweep fits nowhere. */
const sealed = (json: string, basis: string): string => `${json}\t${checksum(json, basis)}\n`

const checksum = (json: string, basis: string): string =>
  createHash('sha256').update(`${basis}\n${json}`).digest('hex').slice(0, 16)

/** What `sealed` wrote, without the line feed; `undefined` for anything else. */
function unsealed(line: string, basis: string): unknown {
  const [json = '', sum] = line.split('\t')
  return sum !== undefined && line === `${json}\t${checksum(json, basis)}` ? parsed(json) : undefined
}

/**
 * Reads a journal, which may have been written by anything and may end anywhere. A text says why it is none. Of a damaged
 * one, what stands before the damage is known.
 * @param text a character a byte; a journal is ASCII
 * @param points how many there may be
 */
export function readJournal(text: string, points: number): Unfinished | string {
  const [header = '', ...lines] = text.split('\n')
  const fingerprint = fingerprintIn(header)
  if (typeof fingerprint === 'string') return fingerprint
  const basis = JSON.stringify(fingerprint)
  const outcomes: Outcome[] = []
  let end = header.length + 1
  // What follows the last newline was cut off, or is empty.
  for (const [i, line] of lines.slice(0, -1).entries()) {
    const more = outcomesIn(unsealed(line, basis), outcomes.length)
    if (more === undefined || outcomes.length + more.length > points)
      return { fingerprint, outcomes, end, damaged: i + 2 }
    for (const outcome of more) outcomes.push(outcome)
    end += line.length + 1
  }
  return { fingerprint, outcomes, end }
}

function fingerprintIn(line: string): Fingerprint | string {
  if (!line.startsWith(BEGINNING)) return 'its first line is not that of one'
  if (!line.startsWith(`${BEGINNING}${VERSION},`)) return 'another version of archc wrote it'
  const value = unsealed(line, '')
  const fingerprint = isObject(value) ? value['fingerprint'] : undefined
  if (!isObject(fingerprint)) return 'its first line is damaged'
  const entries = Object.entries(fingerprint)
  const isSound = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string'
  return entries.every(isSound) ? Object.fromEntries(entries) : 'its first line is damaged'
}

function outcomesIn(value: unknown, first: number): readonly Outcome[] | undefined {
  if (!Array.isArray(value) || value.length !== 2 || value[0] !== first) return undefined
  const outcomes: unknown = value[1]
  return Array.isArray(outcomes) && outcomes.every(isOutcome) ? outcomes : undefined
}

function isOutcome(value: unknown): value is Outcome {
  if (typeof value === 'string') return /^E\d{4}$/.test(value)
  return (
    Array.isArray(value) &&
    value.length === sweepMeasures.length &&
    value.every((number) => number === null || (typeof number === 'number' && number >= 0))
  )
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/** What to do about an unfinished sweep; without a word, it is not touched. */
export type Attitude = 'resume' | 'restart' | 'refuse'

interface JournalRequest {
  /** Of the table that the sweep is to end in. */
  readonly output: string
  readonly fingerprint: Fingerprint
  readonly points: number
  readonly attitude: Attitude
}

/** A million points take some 130 MB. */
const LIMIT = 512 * 1024 * 1024
/** Enough of a file to see whether a sweep began it. */
const BEGINNING_BYTES = 64

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
  const start = Buffer.alloc(BEGINNING_BYTES)
  const length = readSync(descriptor, start, 0, BEGINNING_BYTES, 0)
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
