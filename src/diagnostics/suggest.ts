/** Longer names are nobody's slip of the finger, and comparing them takes long. */
const LONGEST = 100
/** More edits than this make another name, however long it is. */
const MOST_EDITS = 5

/** The candidate nearest to `wanted` by edit distance, if it is near enough to be meant; ties go to the first. */
export function nearest(wanted: string, candidates: Iterable<string>): string | undefined {
  if (wanted.length > LONGEST) return undefined
  // Of a single letter nothing is left after an edit: any other would be as near.
  const limit = wanted.length < 2 ? 0 : Math.min(MOST_EDITS, Math.max(1, Math.floor(wanted.length / 3)))
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= bestDistance) continue
    const distance = editDistance(wanted.toLowerCase(), candidate.toLowerCase(), bestDistance)
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return best
}

/**
 * Damerau–Levenshtein distance (optimal string alignment): a swap of neighbours counts as one edit. A distance of
 * `enough` or more is not worked out: then the answer is some number that is not below it.
 */
function editDistance(a: string, b: string, enough = Infinity): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = nextRow(a, b, i, previous, beforePrevious)
    // No later row falls below the smallest of two rows in succession.
    if (Math.min(...current) >= enough && Math.min(...previous) >= enough) return enough
    beforePrevious = previous
    previous = current
  }
  return previous[b.length] ?? 0
}

function nextRow(a: string, b: string, i: number, previous: number[], beforePrevious: number[]): number[] {
  const row = [i]
  for (let j = 1; j <= b.length; j++) {
    const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
    let distance = Math.min(substitution, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1)
    if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
      distance = Math.min(distance, (beforePrevious[j - 2] ?? 0) + 1)
    row.push(distance)
  }
  return row
}
