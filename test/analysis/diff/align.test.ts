import fc from 'fast-check'
import { expect, test } from 'vitest'
import { align } from '../../../src/analysis/diff/diff.ts'

const letters = (before: string, after: string): string =>
  align(Array.from(before), Array.from(after), (letter) => letter)
    .map((pair) =>
      pair.before === undefined
        ? `+${pair.after!}`
        : pair.after === undefined
          ? `-${pair.before}`
          : pair.after,
    )
    .join(' ')

test.each([
  ['abc', 'abc', 'a b c'],
  ['abc', 'abxc', 'a b +x c'],
  ['abc', 'ac', 'a -b c'],
  ['abc', 'xyz', '+x +y +z -a -b -c'],
  ['abc', '', '-a -b -c'],
  ['', 'ab', '+a +b'],
  ['abxc', 'abyc', 'a b +y -x c'],
  // What moved is still a pair, and nothing is told twice.
  ['abc', 'cab', 'c a b'],
])('%s to %s', (before, after, pairs) => {
  expect(letters(before, after)).toBe(pairs)
})

test('each item of both lists is in one pair', () => {
  const list = fc.uniqueArray(fc.nat(30))
  fc.assert(
    fc.property(list, list, (before, after) => {
      const pairs = align(before, after, String)
      expect(pairs.flatMap((pair) => pair.after ?? [])).toEqual(after)
      expect(pairs.flatMap((pair) => pair.before ?? []).sort()).toEqual([...before].sort())
      for (const pair of pairs)
        if (pair.before !== undefined && pair.after !== undefined) expect(pair.before).toBe(pair.after)
    }),
  )
})
