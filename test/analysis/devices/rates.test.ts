import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dataTypeOf, dataTypesOf, peakOf } from '../../../src/analysis/devices/device.ts'
import { trustedDevice } from '../../../src/analysis/devices/read-device.ts'

const device = (name: string) =>
  trustedDevice(readFileSync(new URL(`../../../specs/devices/${name}.json`, import.meta.url), 'utf8'))

describe('peakOf', () => {
  it('takes the faster unit, and divides by the bandwidth', () => {
    const v100 = device('v100')
    // 125e12 / 900e9 and 15.7e12 / 900e9
    expect(peakOf(v100, 'fp16')).toMatchObject({
      unit: 'matrix',
      figure: { value: 125e12 },
      ridge: 138.88888888888889,
    })
    expect(peakOf(v100, 'fp32')).toMatchObject({ unit: 'vector', ridge: 15.7e12 / 900e9 })
    expect(peakOf(v100, 'bf16')).toBeUndefined()
  })

  it('does not take matrix units for faster by their name', () => {
    const v100 = device('v100')
    const figure = (value: number) => ({ value, source: 'whitepaper' })
    const odd = { ...v100, rates: { fp16: { matrix: figure(1e12), vector: figure(2e12) } } }
    expect(peakOf(odd, 'fp16')?.unit).toBe('vector')
  })
})

describe('dataTypeOf', () => {
  it('finds what a device computes in', () => {
    expect(dataTypesOf(device('v100'))).toEqual(['fp32', 'fp16', 'int8'])
    expect(dataTypeOf(device('rtx3090'), 'bf16')).toBe('bf16')
  })

  it.each([
    ['v100', 'bf16', '`v100` has no rate for `bf16`'],
    ['v100', 'float16', '`float16` is no data type'],
    ['xeon_8380', 'fp16', '`xeon_8380` has no rate for `fp16`'],
    ['v100', 'toString', '`toString` is no data type'],
  ])('refuses others with E1005: %s, %s', (name, type, message) => {
    expect(() => dataTypeOf(device(name), type)).toThrow(`E1005: ${message}`)
  })
})
