import { describe, expect, it } from 'vitest'
import { groupsToMerge } from '../../src/backends/tfjs/operators/filters.ts'

describe('groupsToMerge', () => {
  it.each([
    [32, 4, 32, 8],
    [32, 32, 32, 1],
    [32, 16, 32, 2],
    [3, 1, 32, 3],
    [5, 7, 32, 5],
    [32, 4, 1, 1],
  ])('merges %i groups of %i channels for a width of %i: %i', (groups, width, least, expected) => {
    expect(groupsToMerge(groups, width, least)).toBe(expected)
  })
})
