import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearest } from '../../src/diagnostics/suggest.ts'

/** Edit distance by its definition: a swap of neighbours counts as one edit. */
function distance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length
  const [restA, restB] = [a.slice(1), b.slice(1)]
  const same = a[0] === b[0] ? 0 : 1
  const edits = [distance(restA, b) + 1, distance(a, restB) + 1, distance(restA, restB) + same]
  if (a[0] === b[1] && a[1] === b[0] && a.length > 1 && b.length > 1)
    edits.push(distance(a.slice(2), b.slice(2)) + 1)
  return Math.min(...edits)
}

/** Of a single letter nothing is left after an edit. */
const most = (length: number): number => (length < 2 ? 0 : Math.max(1, Math.floor(length / 3)))

test('finds what lies within a third of the letters, and nothing else', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 7 })
  fc.assert(
    fc.property(word, word, (wanted, candidate) => {
      const isNear = distance(wanted, candidate) <= most(wanted.length)
      expect(nearest(wanted, [candidate])).toBe(isNear ? candidate : undefined)
    }),
  )
})

test('the nearest is found, far ones and endless ones are not', () => {
  expect(nearest('linaer', ['conv', 'linear', 'liner'])).toBe('linear')
  expect(nearest('efficentnet_lite', ['efficientnet_lite0', 'tresnet_m'])).toBe('efficientnet_lite0')
  expect(nearest('abcdefghijklmnop', ['zyxwvutsrqponmlk'])).toBeUndefined()
  expect(nearest('a'.repeat(101), ['a'.repeat(100)])).toBeUndefined()
})
