import { createHash } from 'node:crypto'
import { valueNames, type Outcome } from '../../analysis/sweep/outcome.ts'
import type { Fingerprint } from './fingerprint.ts'

/** Version of the form of a journal. */
const VERSION = 2
const BEGINNING = '{"archc_unfinished_sweep":'

/** What an unfinished sweep has left. */
export interface Unfinished {
  readonly fingerprint: Fingerprint
  /** Of the first points, in their order. */
  readonly outcomes: readonly Outcome[]
  /** Bytes of the text that are whole; behind them, a line was cut off or is damaged. */
  readonly end: number
  /** The first line that is not what a sweep wrote, counted from 1. One that was cut off at the end is no damage. */
  readonly damaged?: number
}

/** Whether a sweep wrote the file that begins so, of whatever version. */
export const beginsAsJournal = (start: string): boolean =>
  start.startsWith(BEGINNING) || BEGINNING.startsWith(start)

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
    value.length === valueNames.length &&
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
