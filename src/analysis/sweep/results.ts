import { isMistake, valueNames, type Outcome, type ValueName } from './outcome.ts'

/** The outcomes of a sweep in the order of its points, as far as they are known. A million of them take some 60 MB. */
export class Results {
  private readonly columns: readonly Float64Array[]
  private readonly mistakes = new Map<number, string>()
  private filled = 0

  constructor(points: number) {
    this.columns = valueNames.map(() => new Float64Array(points))
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
  valueAt(point: number, value: ValueName): number | undefined {
    const number = this.columns[valueNames.indexOf(value)]?.[point]
    return number === undefined || Number.isNaN(number) ? undefined : number
  }
}
