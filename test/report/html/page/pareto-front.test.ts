import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frontOf, type Better } from '../../../../src/report/html/page/pareto.ts'

const points = [
  { x: 1, y: 5 },
  { x: 2, y: 3 },
  { x: 2, y: 4 },
  { x: 3, y: 3 },
  { x: 4, y: 1 },
]

describe('frontOf', () => {
  it.each([
    [
      'less',
      'less',
      [
        [1, 5],
        [2, 3],
        [4, 1],
      ],
    ],
    ['less', 'more', [[1, 5]]],
    [
      'more',
      'more',
      [
        [1, 5],
        [2, 4],
        [3, 3],
        [4, 1],
      ],
    ],
    ['more', 'less', [[4, 1]]],
  ] as const)('with %s of x and %s of y better', (x, y, expected) => {
    expect(frontOf(points, x, y).map((point) => [point.x, point.y])).toEqual(expected)
  })

  it('is what no other point beats', () => {
    const value = fc.integer({ min: 0, max: 8 })
    const better = fc.constantFrom<Better>('less', 'more')
    fc.assert(
      fc.property(fc.array(fc.record({ x: value, y: value })), better, better, (all, x, y) => {
        const sign = { less: 1, more: -1 }
        const beats = (a: { x: number; y: number }, b: { x: number; y: number }): boolean => {
          const [dx, dy] = [sign[x] * (a.x - b.x), sign[y] * (a.y - b.y)]
          return dx <= 0 && dy <= 0 && (dx < 0 || dy < 0)
        }
        const unbeaten = all.filter((point) => !all.some((other) => beats(other, point)))
        const texts = (some: typeof all): Set<string> => new Set(some.map((point) => `${point.x},${point.y}`))
        const front = frontOf(all, x, y)
        expect(texts([...front])).toEqual(texts(unbeaten))
        expect(front).toEqual([...front].sort((a, b) => a.x - b.x))
      }),
    )
  })
})
