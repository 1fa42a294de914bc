import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Device, peakOf } from '../../../src/analysis/devices/device.ts'
import type { DataType, ComputeUnit } from '../../../src/engines/kernel.ts'
import { figuresOf, readDevice } from '../../../src/analysis/devices/read-device.ts'

const folder = new URL('../../../specs/devices/', import.meta.url)
const names = readdirSync(folder).flatMap((file) => /^(.*)\.json$/.exec(file)?.[1] ?? [])
const textOf = (name: string): string => readFileSync(new URL(`${name}.json`, folder), 'utf8')
const read = (name: string): Promise<Device> => readDevice(textOf(name), `${name}.json`)

const rate = ({ rates }: Device, type: DataType, unit: ComputeUnit): number =>
  rates[type]?.[unit]?.value ?? NaN

it('has the devices that the issue names, and one CPU', () => {
  const wanted = ['v100', 't4', 'a100', 'h100', 'rtx2080ti', 'rtx3090', 'rtx4090', 'rtx5090', 'jetson_orin']
  expect(names.sort()).toEqual([...wanted, 'apple_m2', 'xeon_8380'].sort())
})

describe.each(names)('%s', (name) => {
  it('follows the schema, cites sources that exist, and is called like its file', async () => {
    expect((await read(name)).name).toBe(name)
  })

  it('cites each of its sources', async () => {
    const device = await read(name)
    const cited = new Set(figuresOf(device).map(([, { source }]) => source))
    expect(Object.keys(device.sources).filter((key) => !cited.has(key))).toEqual([])
  })

  it('computes in fp32, and in nothing slower with matrix units', async () => {
    const device = await read(name)
    const fp32 = rate(device, 'fp32', 'vector')
    expect(fp32).toBeGreaterThan(1e12)
    for (const [where, { value }] of figuresOf(device))
      if (where.endsWith('.matrix')) expect(value, where).toBeGreaterThanOrEqual(fp32)
  })

  it('has a plausible balance', async () => {
    const device = await read(name)
    const ridge = peakOf(device, 'fp32')?.ridge ?? NaN
    expect(ridge).toBeGreaterThan(10)
    expect(ridge).toBeLessThan(100)
    expect(device.launch.value).toBeGreaterThanOrEqual(1e-6)
    expect(device.launch.value).toBeLessThanOrEqual(20e-6)
    expect(device.cache.value).toBeGreaterThanOrEqual(2 ** 22)
    expect(device.cache.value).toBeLessThanOrEqual(2 ** 27)
    // A GPU's memory is read whole in 10 to 400 ms.
    if (device.kind === 'gpu') expect(device.memory.value / device.bandwidth.value).toBeLessThan(0.4)
  })
})

/** SMs, cores and tensor FMAs a clock and SM (fp16 with fp32 sums, dense), boost clock in Hz: the arithmetic of a peak. */
const chips: readonly (readonly [name: string, sms: number, cores: number, fmas: number, clock: number])[] = [
  ['v100', 80, 64, 512, 1.53e9],
  ['t4', 40, 64, 512, 1.59e9],
  ['a100', 108, 64, 1024, 1.41e9],
  ['rtx2080ti', 68, 64, 256, 1.545e9],
  ['rtx3090', 82, 128, 256, 1.695e9],
  ['rtx4090', 128, 128, 256, 2.52e9],
  ['rtx5090', 170, 128, 256, 2.407e9],
  ['jetson_orin', 16, 128, 1024, 1.3e9],
]

describe.each(chips)('the peaks of %s', (name, sms, cores, fmas, clock) => {
  it('are units x clock x 2', async () => {
    const device = await read(name)
    expect(rate(device, 'fp32', 'vector') / (2 * sms * cores * clock)).toBeCloseTo(1, 1.7)
    expect(rate(device, 'fp16', 'matrix') / (2 * sms * fmas * clock)).toBeCloseTo(1, 1.7)
  })
})

/** Width of the bus in bits and bits a second and pin. */
const buses: readonly (readonly [name: string, bits: number, pin: number])[] = [
  ['v100', 4096, 1.755e9],
  ['t4', 256, 10e9],
  ['a100', 5120, 2.43e9],
  ['rtx2080ti', 352, 14e9],
  ['rtx3090', 384, 19.5e9],
  ['rtx4090', 384, 21e9],
  ['rtx5090', 512, 28e9],
  ['jetson_orin', 256, 6.4e9],
  ['apple_m2', 128, 6.4e9],
  ['xeon_8380', 512, 3.2e9],
]

it.each(buses)('the bandwidth of %s is that of its bus', async (name, bits, pin) => {
  // Apple rounds 102.4 GB/s to 100.
  expect((await read(name)).bandwidth.value / ((bits / 8) * pin)).toBeCloseTo(1, 1.3)
})

it('orders the cards as everyone does', async () => {
  const order = ['t4', 'v100', 'a100', 'h100']
  const devices = await Promise.all(order.map(read))
  const ascending = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b)
  for (const of of [(d: Device) => rate(d, 'fp16', 'matrix'), (d: Device) => d.bandwidth.value])
    expect(devices.map(of)).toEqual(ascending(devices.map(of)))
})

it('knows no type that came after the chip', async () => {
  for (const name of ['v100', 't4', 'rtx2080ti']) {
    const { rates } = await read(name)
    expect([rates.bf16, rates.tf32]).toEqual([undefined, undefined])
  }
  expect((await read('xeon_8380')).rates.fp16).toBeUndefined()
})
