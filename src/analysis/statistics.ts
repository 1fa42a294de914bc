/** How well predictions do. `predicted` and `measured` are of the same length and in the same order. */
export interface Errors {
  /** Of |predicted / measured - 1|. */
  readonly median: number
  readonly p90: number
  /** Of the order that the predictions give. NaN where one side has one value only. */
  readonly spearman: number
  readonly kendall: number
}

/** Errors of at least one prediction; measured values are positive. */
export function errorsOf(predicted: readonly number[], measured: readonly number[]): Errors {
  const errors = relativeErrors(predicted, measured)
  return {
    median: quantile(errors, 0.5),
    p90: quantile(errors, 0.9),
    spearman: spearman(predicted, measured),
    kendall: kendall(predicted, measured),
  }
}

/** |predicted / measured - 1| of each. */
export const relativeErrors = (predicted: readonly number[], measured: readonly number[]): number[] =>
  predicted.map((value, i) => Math.abs(value / (measured[i] ?? NaN) - 1))

/**
 * The value below which a share of the values lies, between two of them linearly (Hyndman and Fan's definition 7,
 * doi:10.1080/00031305.1996.10473566). NaN of nothing.
 */
export function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = at * (sorted.length - 1)
  const low = sorted[Math.floor(place)] ?? NaN
  const high = sorted[Math.ceil(place)] ?? NaN
  return low + (high - low) * (place - Math.floor(place))
}

/** Spearman's rank correlation: Pearson's of the ranks, equal values sharing the mean of theirs. */
export const spearman = (a: readonly number[], b: readonly number[]): number => pearson(ranks(a), ranks(b))

/** Ranks from 1; equal values share the mean of the ranks that they take up. */
export function ranks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value)
  const result = new Array<number>(values.length).fill(0)
  for (let start = 0, end: number; start < order.length; start = end) {
    end = start + 1
    while (end < order.length && order[end]?.value === order[start]?.value) end++
    // Ranks start + 1 to end, of which this is the mean.
    for (const { index } of order.slice(start, end)) result[index] = (start + 1 + end) / 2
  }
  return result
}

function pearson(a: readonly number[], b: readonly number[]): number {
  const da = deviations(a)
  const db = deviations(b)
  return dot(da, db) / Math.sqrt(dot(da, da) * dot(db, db))
}

function deviations(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.map((value) => value - mean)
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)

/**
 * Kendall's tau-b (doi:10.1093/biomet/33.3.239): pairs in the same order less pairs in the opposite one, over the
 * geometric mean of the pairs that each side orders at all. Looks at every pair.
 */
export function kendall(a: readonly number[], b: readonly number[]): number {
  let agreement = 0
  let orderedA = 0
  let orderedB = 0
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < i; j++) {
      const signA = Math.sign((a[i] ?? 0) - (a[j] ?? 0))
      const signB = Math.sign((b[i] ?? 0) - (b[j] ?? 0))
      agreement += signA * signB
      orderedA += signA * signA
      orderedB += signB * signB
    }
  return agreement / Math.sqrt(orderedA * orderedB)
}
