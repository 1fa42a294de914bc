import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { nearest } from '../../diagnostics/suggest.ts'
import { valueNames, type ValueName } from './outcome.ts'

/** A value by which points are judged. */
export interface Objective {
  readonly value: ValueName
  readonly better: 'less' | 'more'
}

/** Short names that an objective may have besides those of the values. */
const aliases: Readonly<Record<string, ValueName>> = {
  time: 'seconds',
  speed: 'images_per_second',
  memory: 'peak_memory',
}
const FEWEST = 2
/** Of more, nearly every point is the best at something. */
const MOST = 3

/** The most parameters for the time: what is small and fast alike would be the smallest network, always. */
export const defaultObjectives = (hasDevice: boolean): readonly Objective[] => [
  { value: hasDevice ? 'seconds' : 'bytes', better: 'less' },
  { value: 'parameters', better: 'more' },
]

/**
 * `time,+parameters`: less of a value is better, with `+` more is; of images a second more always is.
 * @throws DiagnosticError E1406
 */
export function parseObjectives(text: string, hasDevice: boolean): readonly Objective[] {
  const objectives = text.split(',').map((part) => objectiveOf(part.trim(), hasDevice))
  const names = new Set(objectives.map(({ value }) => value))
  if (objectives.length < FEWEST || objectives.length > MOST || names.size < objectives.length)
    throw failure(text, `${FEWEST} or ${MOST} different ones are wanted`)
  return objectives
}

function objectiveOf(text: string, hasDevice: boolean): Objective {
  const name = text.replace(/^[+-]/, '')
  const value = aliases[name] ?? valueNames.find((each) => each === name)
  if (value === undefined) throw failure(name, undefined)
  if (!hasDevice && (value === 'seconds' || value === 'images_per_second'))
    throw failure(name, 'without a device no time is predicted')
  const isMore = text.startsWith('+') || (value === 'images_per_second' && !text.startsWith('-'))
  return { value, better: isMore ? 'more' : 'less' }
}

function failure(name: string, reason: string | undefined): DiagnosticError {
  const known = [...valueNames, ...Object.keys(aliases)]
  const facts = { name, reason, nearest: nearest(name, known), known }
  return new DiagnosticError([diagnose('E1406', { path: '--objectives' }, facts)])
}
