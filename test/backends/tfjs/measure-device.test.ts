import { describe, expect, it } from 'vitest'
import { readDevice } from '../../../src/analysis/devices/read-device.ts'
import { measureDevice, measuredDevice } from '../../../src/backends/tfjs/node/measure.ts'

const figures = { rate: 2.34567e10, bandwidth: 5e9, launch: 4e-6 }
const host = {
  model: 'Imagined CPU',
  threads: 8,
  memory: 3.2e10,
  used: 1e8,
  cache: 2 ** 23,
  date: '2026-03-31',
}

describe('a measured device', () => {
  it('follows the schema of device files, on both backends', async () => {
    for (const backend of ['wasm', 'cpu'] as const) {
      const device = measuredDevice(backend, figures, host)
      expect(await readDevice(JSON.stringify(device), 'measured.json')).toEqual(device)
    }
  })

  it('says what was measured, on what, with how many threads, and when', () => {
    const device = measuredDevice('wasm', figures, host)
    expect(device).toMatchObject({ kind: 'cpu', name: 'tfjs_wasm', launch: { value: 4e-6 } })
    expect(device.rates).toMatchObject({ fp32: { vector: { value: 2.346e10, source: 'measured' } } })
    expect(device.sources['measured']?.title).toBe(
      'measured by archc calibrate --backend wasm on Imagined CPU with 1 of 8 threads, 2026-03-31',
    )
  })

  it('has no more memory than WebAssembly addresses', () => {
    expect(measuredDevice('wasm', figures, host).memory.value).toBe(2 ** 32)
    expect(measuredDevice('wasm', figures, { ...host, memory: 2 ** 30 }).memory.value).toBe(2 ** 30)
    expect(measuredDevice('cpu', figures, host).memory.value).toBe(3.2e10)
  })

  it('admits what the system does not tell', () => {
    const { cache, ...silent } = host
    expect(measuredDevice('cpu', figures, host).cache).toEqual({ value: cache, source: 'system' })
    expect(measuredDevice('cpu', figures, silent).cache.note).toContain('Assumed')
  })
})

it('measures this machine on wasm', { timeout: 120_000 }, async () => {
  const steps: string[] = []
  const device = await measureDevice('wasm', (what) => steps.push(what))
  expect(steps).toHaveLength(3)
  if (device === undefined) throw new Error('wasm does not start')
  // From a slow telephone's to a fast core's: outside, a unit is wrong.
  expect(device.rates.fp32?.vector?.value).toBeGreaterThan(1e8)
  expect(device.rates.fp32?.vector?.value).toBeLessThan(1e13)
  expect(device.bandwidth.value).toBeGreaterThan(1e8)
  expect(device.bandwidth.value).toBeLessThan(1e12)
  expect(device.launch.value).toBeGreaterThan(1e-8)
  expect(device.launch.value).toBeLessThan(1e-3)
  const { numTensors } = (await import('@tensorflow/tfjs-core')).memory()
  expect(numTensors).toBe(0)
})
