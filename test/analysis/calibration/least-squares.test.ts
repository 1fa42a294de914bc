import { describe, expect, it } from 'vitest'
import { leastSquares, solve } from '../../../src/analysis/calibration/least-squares.ts'

describe('solve', () => {
  it('solves a small system', () => {
    // 4x + y = 6, x + 3y = 7: x = 1, y = 2.
    const [x, y] = solve(
      [
        [4, 1],
        [1, 3],
      ],
      [6, 7],
    )
    expect(x).toBeCloseTo(1, 12)
    expect(y).toBeCloseTo(2, 12)
  })

  it('leaves what it is given as it was', () => {
    const matrix = [
      [2, 1],
      [1, 2],
    ]
    const right = [3, 3]
    solve(matrix, right)
    expect(matrix).toEqual([
      [2, 1],
      [1, 2],
    ])
    expect(right).toEqual([3, 3])
  })
})

describe('leastSquares', () => {
  it('finds the least of a sum of squares', () => {
    // Of a line through (0, 1), (1, 3), (2, 4): slope 1.5, intercept 7/6, cost 1/6.
    const points = [
      [0, 1],
      [1, 3],
      [2, 4],
    ] as const
    const { x, cost } = leastSquares(
      ([slope = 0, intercept = 0]) => points.map(([at, value]) => slope * at + intercept - value),
      [0, 0],
    )
    expect(x[0]).toBeCloseTo(1.5, 6)
    expect(x[1]).toBeCloseTo(7 / 6, 6)
    expect(cost).toBeCloseTo(1 / 6, 9)
  })

  it('follows a bent valley (Rosenbrock) to its end', () => {
    const { x, steps } = leastSquares(([a = 0, b = 0]) => [10 * (b - a * a), 1 - a], [-1.2, 1])
    expect(x[0]).toBeCloseTo(1, 5)
    expect(x[1]).toBeCloseTo(1, 5)
    expect(steps).toBeLessThan(100)
  })

  it('ends where nothing can be improved', () => {
    expect(leastSquares(() => [1], [3])).toEqual({ x: [3], cost: 1, steps: 0 })
    expect(leastSquares(([x = 0]) => [x], [0]).x).toEqual([0])
  })

  it('does not step where residuals are no numbers', () => {
    expect(leastSquares(([x = 0]) => [Math.sqrt(1 - x) - 2], [1]).x[0]).toBeLessThanOrEqual(1)
  })
})
