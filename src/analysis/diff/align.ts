import type { Sides } from './difference.ts'

/**
 * Pairs the items of two lists that have the same key; keys are unique in each list. The order is that of the second
 * list; what only the first has stands behind what it stood behind there. Linear in the lists.
 */
export function align<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
): readonly Sides<T>[] {
  const places = new Map(before.map((item, index) => [keyOf(item), index]))
  const kept = new Set(after.map(keyOf))
  const pairs: Sides<T>[] = []
  let next = 0
  const removeUpTo = (end: number): void => {
    for (const item of before.slice(next, end)) if (!kept.has(keyOf(item))) pairs.push({ before: item })
    next = Math.max(next, end)
  }
  for (const item of after) {
    const place = places.get(keyOf(item))
    if (place !== undefined) removeUpTo(place)
    const former = place === undefined ? undefined : before[place]
    pairs.push(former === undefined ? { after: item } : { before: former, after: item })
  }
  removeUpTo(before.length)
  return pairs
}

/** A value of each side that is there. */
export const sidesOf = <T, R>({ before, after }: Sides<T>, read: (item: T) => R): Sides<R> => ({
  ...(before === undefined ? {} : { before: read(before) }),
  ...(after === undefined ? {} : { after: read(after) }),
})
