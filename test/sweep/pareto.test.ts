import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { paretoFront } from '../../src/sweep/pareto.ts'

const beats = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((value, i) => value <= b[i]!) && a.some((value, i) => value < b[i]!)

/** By definition, each point against each. */
const byDefinition = (points: readonly (readonly number[])[]): boolean[] =>
  points.map((point) => !points.some((other) => beats(other, point)))

describe('paretoFront', () => {
  it('of two objectives', () => {
    expect(
      paretoFront([
        [1, 5],
        [2, 4],
        [2, 6],
        [3, 4],
        [4, 1],
      ]),
    ).toEqual([true, true, false, false, true])
  })

  it('keeps all of equal points', () => {
    expect(
      paretoFront([
        [1, 1],
        [1, 1],
        [1, 2],
      ]),
    ).toEqual([true, true, false])
  })

  it('of nothing is nothing', () => {
    expect(paretoFront([])).toEqual([])
  })

  it.each([2, 3])('is what the definition says, in %d objectives, with many equal values', (objectives) => {
    const point = fc.array(fc.integer({ min: -6, max: 6 }), { minLength: objectives, maxLength: objectives })
    fc.assert(
      fc.property(fc.array(point, { maxLength: 60 }), (points) => {
        expect(paretoFront(points)).toEqual(byDefinition(points))
      }),
      { numRuns: 500 },
    )
  })

  it('of 200,000 points that all are on it ends', { timeout: 60_000 }, () => {
    const points = Array.from({ length: 200_000 }, (_, i) => [i, 200_000 - i, (i * 7919) % 200_000])
    expect(paretoFront(points).every(Boolean)).toBe(true)
  })
})
