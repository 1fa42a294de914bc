import { describe, expect, it } from 'vitest'
import { parseAxes } from '../../src/sweep/axis.ts'
import { spaceOf, type Space } from '../../src/sweep/space.ts'

const pointsOf = (space: Space): string[] =>
  Array.from({ length: space.size }, (_, point) =>
    space
      .at(point)
      .map(({ text }) => text)
      .join(),
  )

describe('a space', () => {
  it('has every combination, the last dimension changing fastest', () => {
    expect(pointsOf(spaceOf(parseAxes(['a=1..2', 'b=5,6,7'])))).toEqual([
      '1,5',
      '1,6',
      '1,7',
      '2,5',
      '2,6',
      '2,7',
    ])
  })

  it('refuses more than a million points, even uncountably many', () => {
    const axes = parseAxes(['a=1..1000', 'b=1..1001'])
    expect(() => spaceOf(axes)).toThrow('E1403: 1001000 points')
    const vast = parseAxes(Array.from({ length: 8 }, (_, i) => `a${i}=1..1000`))
    expect(() => spaceOf(vast)).toThrow('E1403: 1.00e+24 points')
    expect(() => spaceOf(vast, { points: 10, seed: 0 })).toThrow('E1403')
  })
})

describe('a sample', () => {
  const axes = parseAxes(['a=1..100', 'b=1..100', 'c=1..1000'])
  const sample = (points: number, seed: number) => pointsOf(spaceOf(axes, { points, seed }))

  it('has as many different points, in the order of the space, and the same for a seed', () => {
    const points = sample(500, 7)
    expect(new Set(points).size).toBe(500)
    expect(sample(500, 7)).toEqual(points)
    expect(sample(500, 8)).not.toEqual(points)
    const order = points.map((point) => Number(point.split(',')[0]))
    expect(order).toEqual([...order].sort((a, b) => a - b))
  })

  it('is spread over the space', () => {
    const [low, high] = [(a: number) => a <= 50, (a: number) => a > 50].map(
      (half) => sample(1000, 1).filter((point) => half(Number(point.split(',')[0]))).length,
    )
    // 500 each is expected, with a standard deviation of 16.
    expect(Math.abs(low! - high!)).toBeLessThan(130)
  })

  it('of everything is everything', () => {
    const few = parseAxes(['a=1..4'])
    expect(pointsOf(spaceOf(few, { points: 9, seed: 1 }))).toEqual(['1', '2', '3', '4'])
    expect(pointsOf(spaceOf(few, { points: 3, seed: 1 }))).toHaveLength(3)
  })
})
