import { describe, expect, it } from 'vitest'
import {
  bytes,
  columnScale,
  namedValue,
  shareText,
  plain,
  prefixed,
  seconds,
  withoutZeros,
} from '../../../src/report/html/quantities.ts'

/** Numbers and units are held together by spaces that do not break. */
const spaced = (text: string): string => text.replaceAll('\u00a0', ' ')

describe('quantity', () => {
  it.each([
    [0, 'B', '0 B'],
    [12, '', '12.0'],
    [999, 'B', '999 B'],
    [999.6, 'B', '1.00 kB'],
    [31_389_032, '', '31.4 M'],
    [5_734_965_248, 'FLOP', '5.73 GFLOP'],
    [125e12, 'FLOP/s', '125 TFLOP/s'],
    [NaN, 'B', '–'],
    [1e30, 'B', '1000000000000 EB'],
  ])('%d %s is %s', (value, unit, text) => {
    expect(spaced(prefixed(value, unit))).toBe(text)
  })

  it('has prefixes below one for times only', () => {
    expect(spaced(seconds(0.0131))).toBe('13.1 ms')
    expect(spaced(seconds(4e-6))).toBe('4.00 µs')
    expect(spaced(seconds(2e-12))).toBe('2.0e-3 ns')
    expect(spaced(bytes(0.5))).toBe('0.50 B')
  })

  it('is short on an axis', () => {
    expect(['1.00 GB', '2.50 MB', '100 T', '0.05', '10.0'].map(withoutZeros)).toEqual([
      '1 GB',
      '2.5 MB',
      '100 T',
      '0.05',
      '10',
    ])
  })
})

describe('percent and plain', () => {
  it('show that little is not nothing', () => {
    expect([0, 0.0001, 0.123, 1].map(shareText).map(spaced)).toEqual([
      '0.0 %',
      '< 0.1 %',
      '12.3 %',
      '100.0 %',
    ])
    expect([4904.2, 99.95, 38.21, 1.5].map(plain)).toEqual(['4,904', '100', '38.2', '1.50'])
  })
})

describe('columnScale', () => {
  it('gives a column one unit, so that its numbers line up', () => {
    const { unit, text } = columnScale([0, 1234, 118_013_952], '')
    expect(unit).toBe('M')
    expect([118_013_952, 20_000, 1234, 0, NaN].map(text).map(spaced)).toEqual([
      '118.01',
      '0.02',
      '< 0.01',
      '0',
      '–',
    ])
  })

  it('counts seconds in what fits, and stands a column of zeros', () => {
    expect(columnScale([0.00002, 0.000355], 's').unit).toBe('µs')
    expect(columnScale([0, 0], 's').text(0)).toBe('0')
    expect(columnScale([], 'B').unit).toBe('B')
  })
})

describe('namedValue', () => {
  it('knows the keys of the report, and takes others as they are', () => {
    expect(namedValue('seconds').text(0.5)).toBe('500\u00a0ms')
    expect(namedValue('my_score')).toMatchObject({ title: 'my score', unit: '' })
    expect(namedValue('constructor').title).toBe('constructor')
  })
})
