/** Places from 1, the least value first; equal values share the better place, and what is absent has none. */
export function placesOf(values: readonly (number | undefined)[]): (number | undefined)[] {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b)
  const first = new Map<number, number>()
  for (const [index, value] of sorted.entries()) if (!first.has(value)) first.set(value, index + 1)
  return values.map((value) => (value === undefined ? undefined : first.get(value)))
}
