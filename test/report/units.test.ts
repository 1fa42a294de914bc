import { describe, expect, it, test } from 'vitest'
import {
  exact,
  joined,
  memoryQuantity,
  percent,
  quantity,
  scaleFor,
  significant,
} from '../../src/report/units.ts'

test('thousands are separated', () => {
  expect([0, 12, 123, 1234, 31_389_032].map(exact)).toEqual(['0', '12', '123', '1,234', '31,389,032'])
})

describe('quantity', () => {
  it.each([
    [0, 'B', '0 B'],
    [512, 'B', '512 B'],
    [122_362_752.92, 'B', '122.4 MB'],
    [999, '', '999'],
    [1000, '', '1.000 k'],
    [31_389_032, '', '31.39 M'],
    [999_949, '', '999.9 k'],
    [999_950, '', '1.000 M'],
    [123_456_789_012, '', '123.5 G'],
    [2e21, '', '2,000 E'],
    [0.0760942, 's', '76.09 ms'],
    [0.99996, 's', '1.000 s'],
    [3.2e-6, 's', '3.200 us'],
    [12.5, 's', '12.50 s'],
    [7200, 's', '7,200 s'],
    [1e-12, 's', '0.001 ns'],
    [0, 's', '0 s'],
  ] as const)('%d %s is %s', (value, unit, text) => {
    expect(joined(quantity(value, unit))).toBe(text)
  })

  it('tells memory in powers of 1024', () => {
    expect([0, 1023, 1024, 809_000_000, 24 * 2 ** 30].map(memoryQuantity).map(joined)).toEqual([
      '0 B',
      '1,023 B',
      '1.00 KiB',
      '772 MiB',
      '24.0 GiB',
    ])
  })
})

test.each([
  [93.77123, '93.77'],
  [999.96, '1,000'],
  [3364.2, '3,364'],
  [9.9996, '10.00'],
  [0.0004, '<0.001'],
  [0, '0'],
])('significant: %d is %s', (value, text) => {
  expect(significant(value)).toBe(text)
})

test.each([
  [0, 0, '0'],
  [0, 5, '0'],
  [1, 3, '33.3'],
  [1, 100_000, '<0.1'],
  [5, 5, '100.0'],
])('percent: %d of %d is %s', (part, whole, text) => {
  expect(percent(part, whole)).toBe(text)
})

describe('scaleFor', () => {
  it('has one unit for large and small, and tells nothing from too little', () => {
    const { unit, text } = scaleFor(122_362_752, 'B')
    expect(unit).toBe('MB')
    expect([122_362_752, 4_400_000, 12, 0].map(text)).toEqual(['122.4', '4.4', '<0.1', '-'])
  })

  it('leaves counts below a thousand whole, and gives fewer digits where asked to', () => {
    expect(scaleFor(640, '').text(12)).toBe('12')
    expect(scaleFor(0.0011, 's', 3)).toMatchObject({ unit: 'ms' })
    expect(scaleFor(0.0011, 's', 3).text(0.0011)).toBe('1.10')
    expect(scaleFor(0, 's')).toMatchObject({ unit: 's' })
  })
})
