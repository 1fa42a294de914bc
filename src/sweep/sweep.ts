import { isMistake, sweepMeasures, type Outcome, type SweepKey } from './evaluate.ts'
import { type Objective, paretoFront } from './pareto.ts'
import type { Space } from './space.ts'

const columnOf: ReadonlyMap<string, number> = new Map(sweepMeasures.map(({ key }, column) => [key, column]))

/** The outcomes of a sweep in the order of its points, as far as they are known. A million of them take some 60 MB. */
export class Results {
  private readonly columns: readonly Float64Array[]
  private readonly mistakes = new Map<number, string>()
  private filled = 0

  constructor(points: number) {
    this.columns = sweepMeasures.map(() => new Float64Array(points))
  }

  /** How many points are known. */
  get known(): number {
    return this.filled
  }

  /** How many of them are mistakes, by code. */
  get mistakesByCode(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const code of this.mistakes.values()) counts.set(code, (counts.get(code) ?? 0) + 1)
    return counts
  }

  add(outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) {
      const point = this.filled++
      if (isMistake(outcome)) this.mistakes.set(point, outcome)
      for (const [i, column] of this.columns.entries())
        column[point] = isMistake(outcome) ? NaN : (outcome[i] ?? NaN)
    }
  }

  /** The code of the mistake that a point is, if it is one. */
  mistakeAt(point: number): string | undefined {
    return this.mistakes.get(point)
  }

  /** A value of a point; `undefined` of mistakes, and where no device was asked for. */
  valueAt(point: number, value: SweepKey): number | undefined {
    const number = this.columns[columnOf.get(value) ?? -1]?.[point]
    return number === undefined || Number.isNaN(number) ? undefined : number
  }
}

/** A design space and what its points cost. */
export interface Sweep {
  /** The network or file that was varied. */
  readonly spec: string
  readonly space: Space
  readonly results: Results
  readonly objectives: readonly Objective[]
  /** Of each point, whether no other beats it. */
  readonly front: readonly boolean[]
}

/** Finds the points that no other beats; mistakes are never among them. */
export function judged({ objectives, results, ...sweep }: Omit<Sweep, 'front'>): Sweep {
  const sound = Array.from({ length: results.known }, (_, point) => point).filter(
    (point) => results.mistakeAt(point) === undefined,
  )
  const best = paretoFront(
    sound.map((point) =>
      objectives.map(({ value, better }) => {
        const number = results.valueAt(point, value) ?? 0
        return better === 'less' ? number : -number
      }),
    ),
  )
  const front = new Array<boolean>(results.known).fill(false)
  for (const [i, point] of sound.entries()) front[point] = best[i] ?? false
  return { ...sweep, objectives, results, front }
}

/** The points of the front, the best in the first objective first. */
export function frontPoints({ front, objectives, results }: Sweep): readonly number[] {
  const [first] = objectives
  const points = [...front.keys()].filter((point) => front[point])
  if (first === undefined) return points
  const sign = first.better === 'less' ? 1 : -1
  const value = (point: number): number => results.valueAt(point, first.value) ?? 0
  return points.sort((a, b) => sign * (value(a) - value(b)) || a - b)
}
