import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../../src/sweep/evaluate.ts'
import { headerLine, outcomesLine, readJournal } from '../../../src/cli/sweep/journal.ts'

const fingerprint = { network: 'a', dimensions: 'b' }
const outcome: Outcome = [1, 2, 3, 4, null, null, null, 7.5]
const header = headerLine(fingerprint)
const lineOf = (first: number, outcomes: readonly Outcome[]) => outcomesLine(fingerprint, first, outcomes)
const text = header + lineOf(0, [outcome, 'E0303']) + lineOf(2, [outcome])

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
    ['', 'its first line is not that of one'],
    ['{}\n', 'its first line is not that of one'],
    ['null\n', 'its first line is not that of one'],
    ['{"archc_unfinished_sweep":1,"fingerprint":{}}\n', 'another version'],
    ['{"archc_unfinished_sweep":2,"fingerprint":{}}\n', 'its first line is damaged'],
    [header.replace('"a"', '"b"'), 'its first line is damaged'],
  ])('of %j says what is wrong', (broken, reason) => {
    expect(readJournal(broken, 10)).toContain(reason)
  })

  it.each([
    ['[]\n'],
    ['[0,[]]\n'],
    [lineOf(1, [outcome])],
    [lineOf(0, [[1, 2, 3]])],
    [lineOf(0, ['oops'])],
    [lineOf(0, [[1, 2, 3, 4, 5, 6, -7]])],
    [outcomesLine({ ...fingerprint, network: 'other' }, 0, [outcome])],
    [lineOf(0, Array<Outcome>(11).fill('E0303'))],
  ])('knows nothing from a damaged line on: %j', (line) => {
    const read = readJournal(header + line + lineOf(0, [outcome]), 10)
    expect(read).toEqual({ fingerprint, outcomes: [], end: header.length, damaged: 2 })
  })

  it('tells every flipped bit, and believes nothing that was not written', () => {
    const whole = [outcome, 'E0303', outcome]
    const bytes = Buffer.from(text, 'latin1')
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const flipped = Buffer.from(bytes)
      flipped[bit >> 3] = flipped[bit >> 3]! ^ (1 << (bit & 7))
      const read = readJournal(flipped.toString('latin1'), 10)
      if (typeof read === 'string') continue
      expect(read.fingerprint).toEqual(fingerprint)
      expect(read.outcomes.length, `bit ${bit}`).toBeLessThan(whole.length)
      expect(read.outcomes).toEqual(whole.slice(0, read.outcomes.length))
    }
  })

  it('tells every other digit', () => {
    for (const [at, character] of text.split('').entries())
      for (const digit of /\d/.test(character) ? '0123456789'.replace(character, '') : '') {
        const read = readJournal(text.slice(0, at) + digit + text.slice(at + 1), 10)
        if (typeof read !== 'string') expect(read.damaged).toBeDefined()
      }
  })
})
