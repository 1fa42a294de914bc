import { expect, test } from 'vitest'
import { parseBytes, parseCount, parseDuration } from '../../src/cli/options.ts'

test('counts, with decimal prefixes', () => {
  expect(parseCount('4G')).toBe(4e9)
  expect(parseCount('4.1 GMACs')).toBe(4.1e9)
  expect(parseCount('390m')).toBe(390e6)
  expect(parseCount('5735000000')).toBe(5735000000)
})

test('bytes, decimal and binary', () => {
  expect(parseBytes('120MB')).toBe(120e6)
  expect(parseBytes('2GiB')).toBe(2 * 2 ** 30)
  expect(parseBytes('1e6')).toBe(1e6)
})

test('times, with their unit', () => {
  expect(parseDuration('5ms')).toBe(0.005)
  expect(parseDuration('300us')).toBeCloseTo(0.0003, 12)
  expect(parseDuration('0.2s')).toBe(0.2)
})

test.each([
  [parseCount, ''],
  [parseCount, '-4G'],
  [parseCount, '0'],
  [parseCount, '4Q'],
  [parseCount, '1e400'],
  [parseCount, 'NaN'],
  [parseBytes, '2 GBB'],
  [parseDuration, '5'],
  [parseDuration, '5m'],
])('%o refuses %j', (parse, text) => {
  expect(() => parse(text)).toThrow(/is wanted/)
})
