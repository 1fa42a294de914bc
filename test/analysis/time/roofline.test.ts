import { describe, expect, it } from 'vitest'
import type { Kernel } from '../../../src/engines/kernel.ts'
import { roofline } from '../../../src/analysis/time/time-model.ts'
import { builtInDevice } from '../../../src/host/built-ins.ts'

const kernel: Kernel = {
  name: 'conv',
  kind: 'dense',
  macs: 1e9,
  arithmetic: 0,
  type: 'fp16',
  unit: 'matrix',
  read: 4e6,
  written: 2e6,
  weights: 1e6,
}
const rtx3090 = builtInDevice('rtx3090')

describe('the roofline', () => {
  it('is FLOPs over the peak plus bytes over the bandwidth', () => {
    const time = roofline(rtx3090).time(kernel, 100)
    expect(time.compute).toBeCloseTo((2 * 1e9 * 100) / rtx3090.rates.fp16!.matrix!.value, 12)
    expect(time.memory).toBeCloseTo((100 * 6e6 + 1e6) / rtx3090.bandwidth.value, 12)
    expect(time.total).toBe(time.compute + time.memory)
    expect(time.bound).toBe('compute')
  })

  it('is the launch where that takes longer than the work', () => {
    const time = roofline(rtx3090).time({ ...kernel, macs: 100, read: 100, written: 100, weights: 0 }, 1)
    expect(time).toMatchObject({ total: rtx3090.launch.value, bound: 'launch' })
  })

  it('computes on the other unit, or in a wider type, where a device has no such rate', () => {
    const v100 = builtInDevice('v100')
    const seconds = (type: Kernel['type'], unit: Kernel['unit']) =>
      roofline(v100).time({ ...kernel, type, unit }, 1).compute
    expect(v100.rates.bf16).toBeUndefined()
    expect(seconds('bf16', 'matrix')).toBe(2e9 / v100.rates.fp32!.vector!.value)
    expect(seconds('fp32', 'matrix')).toBe(2e9 / v100.rates.fp32!.vector!.value)
  })

  it('takes no time to compute where nothing is computed', () => {
    expect(roofline(rtx3090).time({ ...kernel, macs: 0 }, 8)).toMatchObject({ compute: 0, bound: 'memory' })
  })
})
