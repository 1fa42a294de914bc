import { expect, test } from 'vitest'
import { peakRate } from '../../../src/analysis/devices/device.ts'
import type { DataType, ComputeUnit } from '../../../src/engines/kernel.ts'
import { builtInDevice } from '../../../src/host/built-ins.ts'

test.each<[device: string, type: DataType, unit: ComputeUnit, as: DataType, on: ComputeUnit]>([
  ['rtx3090', 'fp16', 'matrix', 'fp16', 'matrix'],
  ['rtx3090', 'fp16', 'vector', 'fp16', 'vector'],
  // Tensor cores have a type that lanes do not: lanes compute in fp32.
  ['rtx3090', 'tf32', 'matrix', 'tf32', 'matrix'],
  ['rtx3090', 'tf32', 'vector', 'fp32', 'vector'],
  ['jetson_orin', 'bf16', 'vector', 'fp32', 'vector'],
  // No matrix units.
  ['apple_m2', 'fp16', 'matrix', 'fp16', 'vector'],
  ['xeon_8380', 'fp16', 'matrix', 'fp32', 'vector'],
])('%s: %s on %s units has the rate of %s on %s', (name, type, unit, as, on) => {
  const device = builtInDevice(name)
  expect(peakRate(device, type, unit)).toBe(device.rates[as]?.[on]?.value)
})

test('a device that states matrix rates alone has those', () => {
  const figure = { value: 1e14, source: 'spec' }
  const device = { ...builtInDevice('rtx3090'), rates: { fp16: { matrix: figure } } }
  expect(peakRate(device, 'fp16', 'vector')).toBe(1e14)
  expect(() => peakRate(device, 'fp32', 'vector')).toThrow('rtx3090 has no rate for fp32')
})
