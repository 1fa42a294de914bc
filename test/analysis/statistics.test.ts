import { describe, expect, it } from 'vitest'
import {
  errorsOf,
  kendall,
  quantile,
  ranks,
  relativeErrors,
  spearman,
} from '../../src/analysis/statistics.ts'

describe('ranks', () => {
  it('count from 1', () => {
    expect(ranks([30, 10, 20])).toEqual([3, 1, 2])
    expect(ranks([])).toEqual([])
  })

  it('are shared by equal values', () => {
    // 1 takes rank 1; the 2s would take 2, 3 and 4; the 5s 5 and 6.
    expect(ranks([2, 5, 2, 1, 5, 2])).toEqual([3, 5.5, 3, 1, 5.5, 3])
  })
})

describe('spearman', () => {
  it('is 1 for the same order, whatever the distances, and -1 for the opposite', () => {
    expect(spearman([1, 2, 3, 4], [1, 10, 11, 1e6])).toBe(1)
    expect(spearman([1, 2, 3, 4], [4, 3, 2, 1])).toBe(-1)
  })

  it('is 1 - 6 sum d^2 / (n (n^2 - 1)) without ties', () => {
    // Ranks 1 2 3 4 5 and 2 1 4 3 5: d^2 = 1 + 1 + 1 + 1 + 0, so that 1 - 24 / 120 = 0.8.
    expect(spearman([1, 2, 3, 4, 5], [20, 10, 40, 30, 50])).toBeCloseTo(0.8, 12)
  })

  it('is the correlation of mean ranks with ties', () => {
    // Ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: covariance 4.5, variances 4.5 and 5; 4.5 / sqrt(22.5).
    expect(spearman([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(22.5), 12)
  })

  it('is not a number where nothing is ordered', () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNaN()
  })
})

describe('kendall', () => {
  it('is agreeing less disagreeing pairs over all pairs without ties', () => {
    // Of 10 pairs two disagree: (20, 10) and (40, 30); (8 - 2) / 10.
    expect(kendall([1, 2, 3, 4, 5], [20, 10, 40, 30, 50])).toBeCloseTo(0.6, 12)
    expect(kendall([1, 2, 3], [3, 2, 1])).toBe(-1)
  })

  it('is tau-b with ties', () => {
    // 6 pairs; a orders 5 of them, b all 6, and all 5 agree: 5 / sqrt(5 x 6).
    expect(kendall([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(5 / Math.sqrt(30), 12)
    // Of 6 pairs, a leaves (2, 2) open and b (1, 1); the other four agree: 4 / sqrt(5 x 5).
    expect(kendall([1, 2, 2, 3], [1, 1, 2, 3])).toBeCloseTo(4 / 5, 12)
  })
})

describe('quantile', () => {
  it('lies between two values linearly', () => {
    expect(quantile([3, 1, 2], 0.5)).toBe(2)
    expect(quantile([4, 1, 2, 3], 0.5)).toBe(2.5)
    // Place 0.9 x 10 = 9 of 0..10.
    expect(quantile([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9)).toBe(9)
    expect(quantile([5], 0.9)).toBe(5)
    expect(quantile([], 0.5)).toBeNaN()
  })
})

it('errors are relative to what was measured, and have no sign', () => {
  expect(relativeErrors([11, 8], [10, 10])[0]).toBeCloseTo(0.1, 12)
  expect(relativeErrors([11, 8], [10, 10])[1]).toBeCloseTo(0.2, 12)
  const errors = errorsOf([11, 16, 30], [10, 20, 30])
  expect(errors.median).toBeCloseTo(0.1, 12)
  // Between 0.1 and 0.2, at 1.8 of 2.
  expect(errors.p90).toBeCloseTo(0.18, 12)
  expect(errors).toMatchObject({ spearman: 1, kendall: 1 })
})
