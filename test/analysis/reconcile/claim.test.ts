import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agreement, readClaim } from '../../../src/analysis/reconcile/reconcile.ts'

describe('readClaim', () => {
  it.each([
    ['4.09', { value: 4.09e9, step: 1e7 }],
    ['4.09G', { value: 4.09e9, step: 1e7 }],
    [' 5.5 GFLOPs ', { value: 5.5e9, step: 1e8, calls: 'FLOPs' }],
    ['43M', { value: 43e6, step: 1e6 }],
    ['43 MMACs', { value: 43e6, step: 1e6, calls: 'MACs' }],
    ['0.39B FLOPS', { value: 0.39e9, step: 1e7, calls: 'FLOPs' }],
    ['300M MAdds', { value: 300e6, step: 1e6, calls: 'MACs' }],
    ['600M mult-adds', { value: 600e6, step: 1e6, calls: 'MACs' }],
    ['5734965248', { value: 5734965248, step: 1 }],
    ['8', { value: 8e9, step: 1e9 }],
    ['1.5T', { value: 1.5e12, step: 1e11 }],
  ])('%s', (text, expected) => {
    const { value, step, ...rest } = readClaim(text) ?? expect.fail()
    expect(rest).toEqual({ text: text.trim(), ...('calls' in expected ? { calls: expected.calls } : {}) })
    expect(value).toBeCloseTo(expected.value, 0)
    expect(step).toBeCloseTo(expected.step, 3)
  })

  it.each(['', '.', '4.', '-4', 'G', '4,09', '1e9', 'Infinity', 'NaN', '0', '0.0G', '4 G G', '4 cats'])(
    'refuses %j',
    (text) => expect(readClaim(text)).toBeUndefined(),
  )

  it('reads or refuses any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        const claim = readClaim(text)
        expect(claim === undefined || (claim.value > 0 && claim.step > 0)).toBe(true)
      }),
    )
  })
})

describe('agreement', () => {
  const claim = readClaim('4.09') ?? expect.fail()

  it.each([
    [4_085_000_000, 'rounded'],
    [4_094_999_999, 'rounded'],
    [4_089_184_256, 'rounded'],
    [4_095_000_000, 'cut'],
    [4_099_999_999, 'cut'],
    [4_100_000_000, undefined],
    [4_084_999_999, undefined],
    [0, undefined],
  ])('of %d with 4.09 is %s', (total, expected) => expect(agreement(total, claim)).toBe(expected))

  it('of a plain number is with itself only', () => {
    const exact = readClaim('5734965248') ?? expect.fail()
    expect(agreement(5734965248, exact)).toBe('rounded')
    expect(agreement(5734965249, exact)).toBeUndefined()
  })
})
