import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../../src/analysis/sweep/outcome.ts'
import { headerLine, outcomesLine, readJournal } from '../../../src/cli/sweep/journal-text.ts'

const fingerprint = { network: 'a', dimensions: 'b' }
const outcome: Outcome = [1, 2, 3, 4, null, null, 7.5]
const header = headerLine(fingerprint)
const text = header + outcomesLine(0, [outcome, 'E0303']) + outcomesLine(2, [outcome])

describe('readJournal', () => {
  it('reads what was written', () => {
    expect(readJournal(text, 10)).toEqual({
      fingerprint,
      outcomes: [outcome, 'E0303', outcome],
      end: text.length,
    })
  })

  it('reads what is whole, wherever the text was cut off', () => {
    fc.assert(
      fc.property(fc.integer({ min: header.length, max: text.length }), (length) => {
        const read = readJournal(text.slice(0, length), 10)
        if (typeof read === 'string') expect.fail(read)
        expect(text.slice(0, read.end).endsWith('\n')).toBe(true)
        expect(read.end).toBeLessThanOrEqual(length)
        expect(read.outcomes).toEqual([outcome, 'E0303', outcome].slice(0, read.outcomes.length))
      }),
    )
  })

  it.each([
    ['', 'its first line'],
    ['{}\n', 'its first line'],
    ['null\n', 'its first line'],
    ['{"archc_unfinished_sweep":1,"fingerprint":{"a":1}}\n', 'its first line'],
    ['{"archc_unfinished_sweep":2,"fingerprint":{}}\n', 'its first line'],
    [`${header}[]\n`, 'its line 2'],
    [`${header}[1,[]]\n`, 'its line 2'],
    [`${header}[0,[[1,2,3]]]\n`, 'its line 2'],
    [`${header}[0,["oops"]]\n`, 'its line 2'],
    [`${header}[0,[[1,2,3,4,5,6,-7]]]\n`, 'its line 2'],
    [`${header}${outcomesLine(0, [outcome])}\n`, 'its line 3'],
    [header + outcomesLine(0, Array<Outcome>(11).fill('E0303')), 'its line 2'],
  ])('of %j says what is wrong', (broken, reason) => {
    expect(readJournal(broken, 10)).toContain(reason)
  })
})
