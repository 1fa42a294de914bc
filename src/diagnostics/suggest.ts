/** Longer names are nobody's slip of the finger, and comparing them takes long. */
const LONGEST = 100
/** More edits than this make another name, however long it is. */
const MOST_EDITS = 5
/** Pairs of letters compared at most: a file may declare tens of thousands of names that begin alike. */
const MOST_WORK = 50_000

/**
 * The candidate nearest to `wanted` by edit distance, if it is near enough to be meant; ties go to the first. Its work
 * is bounded: of very many names that are alike only the first are looked at.
 */
export function nearest(wanted: string, candidates: Iterable<string>): string | undefined {
  if (wanted.length > LONGEST) return undefined
  // Of a single letter nothing is left after an edit: any other would be as near.
  const limit = wanted.length < 2 ? 0 : Math.min(MOST_EDITS, Math.max(1, Math.floor(wanted.length / 3)))
  const lower = wanted.toLowerCase()
  let best: string | undefined
  let bestDistance = limit + 1
  let work = 0
  for (const candidate of candidates) {
    work++
    if (Math.abs(candidate.length - wanted.length) >= bestDistance) continue
    const comparison = new Comparison(lower, candidate.toLowerCase(), bestDistance)
    const distance = comparison.distance()
    work += comparison.work
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
    if (bestDistance === 0 || work > MOST_WORK) break
  }
  return best
}

/**
 * Damerau–Levenshtein distance (optimal string alignment): a swap of neighbours counts as one edit. A distance of
 * `enough` or more is not worked out: then the answer is some number that is not below it. Only cells near the diagonal
 * can lie below `enough`, and no others are looked at.
 */
class Comparison {
  /** Cells that were computed. */
  work = 0

  constructor(
    private readonly a: string,
    private readonly b: string,
    private readonly enough: number,
  ) {}

  distance(): number {
    const { a, b, enough } = this
    let beforePrevious: number[] = []
    let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
    let least = 0
    for (let i = 1; i <= a.length; i++) {
      const current = this.nextRow(i, previous, beforePrevious)
      const leastOfRow = Math.min(...current.slice(Math.max(0, i - enough), i + enough + 1))
      // No later row falls below the smallest of two rows in succession.
      if (leastOfRow >= enough && least >= enough) return enough
      least = leastOfRow
      beforePrevious = previous
      previous = current
    }
    return previous[b.length] ?? enough
  }

  private nextRow(i: number, previous: readonly number[], beforePrevious: readonly number[]): number[] {
    const { a, b, enough } = this
    const from = Math.max(1, i - enough)
    const to = Math.min(b.length, i + enough)
    const row: number[] = []
    row[from - 1] = from === 1 ? i : enough
    for (let j = from; j <= to; j++) {
      const substitution = (previous[j - 1] ?? enough) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let distance = Math.min(substitution, (previous[j] ?? enough) + 1, (row[j - 1] ?? enough) + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        distance = Math.min(distance, (beforePrevious[j - 2] ?? enough) + 1)
      row[j] = distance
    }
    this.work += to - from + 1
    return row
  }
}
