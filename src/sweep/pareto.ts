import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import { nearest } from '../diagnostics/suggest.ts'
import { sweepMeasures, type SweepKey } from './evaluate.ts'

/** A value by which points are judged. */
export interface Objective {
  readonly value: SweepKey
  readonly better: 'less' | 'more'
}

const FEWEST = 2
/** Of more, nearly every point is the best at something. */
const MOST = 3

/** The most parameters for the time: what is small and fast alike would be the smallest network, always. */
export const defaultObjectives = (hasDevice: boolean): readonly Objective[] => [
  { value: hasDevice ? 'seconds' : 'bytes', better: 'less' },
  { value: 'parameters', better: 'more' },
]

/** What a sweep knows of the device that it is for. */
export interface Known {
  readonly device: boolean
  /** Whether the device's file has figures of energy. */
  readonly energy: boolean
}

const missing: Readonly<Record<keyof Known, string>> = {
  device: 'without a device no time is predicted',
  energy: 'the file of the device has no figures of energy, so that none is estimated',
}

/**
 * `time,+parameters`: less of a value is better, with `+` more is; of images a second more is, unless `-` stands in front.
 * @throws DiagnosticError E1406
 */
export function parseObjectives(text: string, has: Known): readonly Objective[] {
  const objectives = text.split(',').map((part) => objectiveOf(part.trim(), has))
  const names = new Set(objectives.map(({ value }) => value))
  if (objectives.length < FEWEST || objectives.length > MOST || names.size < objectives.length)
    throw failure(text, `${FEWEST} or ${MOST} different ones are wanted`)
  return objectives
}

function objectiveOf(text: string, has: Known): Objective {
  const name = text.replace(/^[+-]/, '')
  const measure = sweepMeasures.find(({ key, alias }) => name === key || name === alias)
  if (measure === undefined) throw failure(name, undefined)
  const { needs } = measure
  if (needs !== undefined && !has[needs]) throw failure(name, missing[needs])
  const isMore = text.startsWith('+') || (measure.better === 'more' && !text.startsWith('-'))
  return { value: measure.key, better: isMore ? 'more' : 'less' }
}

function failure(name: string, reason: string | undefined): DiagnosticError {
  const keys: readonly string[] = sweepMeasures.map(({ key }) => key)
  const known = [...keys, ...sweepMeasures.flatMap(({ alias }) => alias ?? [])]
  const facts = { name, reason, nearest: nearest(name, known), known }
  return new DiagnosticError([diagnose('E1406', { path: '--objectives' }, facts)])
}

/**
 * Which points no other beats: none is at least as good in all objectives and better in one. Points are rows of two or three
 * numbers, of which less is better; equal points beat neither. n log n in the points.
 *
 * In the order of their numbers a point can be beaten by earlier ones only, which are at least as good in the first
 * objective; among those, a tree of least third numbers by second number tells whether one is as good in the rest.
 */
export function paretoFront(points: readonly (readonly number[])[]): readonly boolean[] {
  const order = [...points.keys()].sort((a, b) => compare(points[a] ?? [], points[b] ?? []))
  const seconds = ranksOf(points.map(([, second = 0]) => second))
  const least = new LeastUpTo(points.length)
  const isBest = points.map(() => false)
  for (let start = 0, end: number; start < order.length; start = end) {
    end = endOfEqual(points, order, start)
    const first = order[start] ?? 0
    const rank = seconds[first] ?? 0
    const third = points[first]?.[2] ?? 0
    if (least.upTo(rank) <= third) continue
    least.add(rank, third)
    for (const point of order.slice(start, end)) isBest[point] = true
  }
  return isBest
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [i, value] of a.entries()) {
    const other = b[i] ?? 0
    if (value !== other) return value - other
  }
  return 0
}

/** Where the points that equal the one at `start` end in their order. */
function endOfEqual(points: readonly (readonly number[])[], order: readonly number[], start: number): number {
  const first = points[order[start] ?? 0] ?? []
  let end = start + 1
  while (end < order.length && compare(points[order[end] ?? 0] ?? [], first) === 0) end++
  return end
}

/** From 0, equal values alike. */
function ranksOf(values: readonly number[]): readonly number[] {
  const sorted = [...new Set(values)].sort((a, b) => a - b)
  const ranks = new Map(sorted.map((value, rank) => [value, rank]))
  return values.map((value) => ranks.get(value) ?? 0)
}

/** The least of the values whose key is at most a given one: Fenwick's tree (doi:10.1002/spe.4380240306), of minima. */
class LeastUpTo {
  private readonly tree: Float64Array

  constructor(keys: number) {
    this.tree = new Float64Array(keys + 1).fill(Infinity)
  }

  add(key: number, value: number): void {
    for (let at = key + 1; at < this.tree.length; at += at & -at)
      this.tree[at] = Math.min(this.tree[at] ?? Infinity, value)
  }

  upTo(key: number): number {
    let least = Infinity
    for (let at = key + 1; at > 0; at -= at & -at) least = Math.min(least, this.tree[at] ?? Infinity)
    return least
  }
}
