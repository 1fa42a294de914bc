import { describe, expect, it } from 'vitest'
import type { Device } from '../../../src/analysis/devices/device.ts'
import { pickCalibration } from '../../../src/analysis/time/calibrations.ts'
import { calibrationOf, device } from './devices.ts'

const key = { engine: 'eager', layout: 'nhwc', precision: 'mixed' } as const

const named = (name: string, bandwidth: number, more: Partial<Device> = {}): Device => ({
  ...device,
  name,
  bandwidth: { value: bandwidth, source: 'test' },
  calibrations: [calibrationOf({ source: name })],
  ...more,
})

describe('pickCalibration', () => {
  it("takes the device's own", () => {
    const picked = pickCalibration(named('own', 1e9), key, [named('other', 1e9)])
    expect(picked).toMatchObject({ calibration: { source: 'own' }, transferred: false })
  })

  it('else that of the device whose arithmetic and bandwidth are in the most similar proportion', () => {
    const others = [named('far', 1e10), named('near', 1.5e9), named('farther', 1e8)]
    const picked = pickCalibration(device, key, others)
    expect(picked).toMatchObject({ calibration: { source: 'near' }, transferred: true })
    expect(picked?.from.name).toBe('near')
  })

  it('takes none of another kind of device, engine, layout or precision', () => {
    const cpu = named('cpu', 1e9, { kind: 'cpu' })
    expect(pickCalibration(device, key, [cpu])).toBeUndefined()
    const other = named('other', 1e9)
    expect(pickCalibration(device, { ...key, engine: 'fused' }, [other])).toBeUndefined()
    expect(pickCalibration(device, { ...key, layout: 'nchw' }, [other])).toBeUndefined()
    expect(pickCalibration(device, { ...key, precision: 'fp32' }, [other])).toBeUndefined()
  })

  it('does not take a device for another one that is called so', () => {
    expect(pickCalibration(device, key, [named('plain', 1e9)])).toBeUndefined()
  })
})
