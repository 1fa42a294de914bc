import { valueNames, type Outcome } from '../../analysis/sweep/outcome.ts'
import type { Fingerprint } from './fingerprint.ts'

/** Version of the form of a journal. */
const VERSION = 1

/** What an unfinished sweep has left. */
export interface Unfinished {
  readonly fingerprint: Fingerprint
  /** Of the first points, in their order. */
  readonly outcomes: readonly Outcome[]
  /** Bytes of the text that are whole; behind them, a line was cut off. */
  readonly end: number
}

/** The first line of a journal. */
export const headerLine = (fingerprint: Fingerprint): string =>
  `${JSON.stringify({ archc_unfinished_sweep: VERSION, fingerprint })}\n`

/** A line for some points in a row. */
export const outcomesLine = (first: number, outcomes: readonly Outcome[]): string =>
  `${JSON.stringify([first, outcomes])}\n`

/**
 * Reads a journal, which may have been written by anything and may end anywhere. A text says why it is none.
 * @param points how many there may be
 */
export function readJournal(text: string, points: number): Unfinished | string {
  const [header, ...lines] = text.split('\n')
  const fingerprint = fingerprintIn(header ?? '')
  if (fingerprint === undefined) return 'its first line is not that of one'
  const outcomes: Outcome[] = []
  let end = Buffer.byteLength(header ?? '') + 1
  // What follows the last newline was cut off, or is empty.
  for (const [i, line] of lines.slice(0, -1).entries()) {
    const more = outcomesIn(line, outcomes.length)
    if (more === undefined || outcomes.length + more.length > points) return `its line ${i + 2} is damaged`
    for (const outcome of more) outcomes.push(outcome)
    end += Buffer.byteLength(line) + 1
  }
  return { fingerprint, outcomes, end }
}

function fingerprintIn(line: string): Fingerprint | undefined {
  const value = parsed(line)
  if (!isObject(value) || value['archc_unfinished_sweep'] !== VERSION) return undefined
  const { fingerprint } = value
  if (!isObject(fingerprint)) return undefined
  const entries = Object.entries(fingerprint)
  const isSound = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string'
  return entries.every(isSound) ? Object.fromEntries(entries) : undefined
}

function outcomesIn(line: string, first: number): readonly Outcome[] | undefined {
  const value = parsed(line)
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
