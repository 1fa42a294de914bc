import { expect, test } from 'vitest'
import { durationText, progressText } from '../../../src/cli/sweep/run.ts'

test('a bar, a rate and what is left', () => {
  expect(progressText({ points: 2400, known: 600, rate: 312.4 })).toBe(
    '[######------------------] 600 of 2,400 points, 312 a second, 6 s left',
  )
  expect(progressText({ points: 10, known: 0, rate: 0 })).toBe(
    '[------------------------] 0 of 10 points, 0 a second',
  )
})

test.each([
  [0.2, '1 s'],
  [59.5, '1 min 0 s'],
  [200, '3 min 20 s'],
  [7500, '2 h 5 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text)
})
