import { describe, expect, it } from 'vitest'
import type { Kernel } from '../../../src/engines/kernel.ts'
import { calibrated, roofline } from '../../../src/analysis/time/time-model.ts'
import {
  parameterNames,
  parameters,
  priors,
  type Parameters,
} from '../../../src/analysis/time/calibrations.ts'
import { calibrationOf, device, filterOf, ideal, kernelOf } from './devices.ts'

const timeOf = (kernel: Kernel, changes: Partial<Parameters> = {}, batch = 1) =>
  calibrated(device, { parameters: { ...ideal, ...changes } }).time(kernel, batch)

it('has at most ten parameters, each with a meaning and a belief', () => {
  expect(parameterNames.length).toBeLessThanOrEqual(10)
  for (const name of parameterNames) {
    expect(parameters[name].meaning).not.toBe('')
    expect(parameters[name].prior).toBeGreaterThan(0)
    expect(parameters[name].spread).toBeGreaterThan(0)
  }
})

describe('the calibrated model', () => {
  it('is the roofline where everything is ideal', () => {
    for (const batch of [1, 7]) {
      const { compute, memory, total } = roofline(device).time(kernelOf(), batch)
      const time = timeOf(kernelOf(), {}, batch)
      expect(time.compute).toBeCloseTo(compute, 12)
      expect(time.memory).toBeCloseTo(memory, 12)
      expect(time.total).toBeCloseTo(total, 12)
    }
  })

  // 2 MFLOP at 100 GFLOP/s are 20 us; 1 MB at 1 GB/s is 1 ms.
  it.each<[string, Partial<Parameters>, Kernel, number, number]>([
    ['half the efficiency', { dense_efficiency: 0.5 }, kernelOf(), 40e-6, 1e-3],
    // 1 + 64 / 64 = 2.
    ['as narrow as narrow_width', { narrow_width: 64 }, kernelOf(), 40e-6, 1e-3],
    [
      'channels no multiple of 8',
      { misalignment: 0.5 },
      kernelOf({ filter: filterOf({ inChannels: 60 }) }),
      30e-6,
      1e-3,
    ],
    [
      'a picture, which is no misalignment',
      { misalignment: 0.5 },
      kernelOf({ filter: filterOf({ inChannels: 3 }) }),
      20e-6,
      1e-3,
    ],
    // The shorter is arithmetic, of which a quarter shows.
    ['overlap', { unhidden: 0.25 }, kernelOf(), 5e-6, 1e-3],
    // With a thousandth of the bytes it is memory: 1 us, a quarter of it.
    [
      'overlap where arithmetic is longer',
      { unhidden: 0.25 },
      kernelOf({ read: 500, written: 400, weights: 100 }),
      20e-6,
      0.25e-6,
    ],
    ['half the bandwidth', { memory_efficiency: 0.5 }, kernelOf(), 20e-6, 2e-3],
    // Groups of 4 channels fill half a tile on both sides: 4 times the work, at half the peak.
    [
      'narrow groups',
      { grouped_efficiency: 0.5 },
      kernelOf({ kind: 'grouped', filter: filterOf({ groups: 16 }) }),
      160e-6,
      1e-3,
    ],
    // 2 MFLOP at 10 GFLOP/s are 200 us; both are added in full.
    [
      'a depthwise convolution',
      { depthwise_efficiency: 0.5, unhidden: 0.1 },
      kernelOf({ kind: 'depthwise', unit: 'vector', filter: filterOf({ groups: 64 }) }),
      400e-6,
      1e-3,
    ],
    [
      'a large depthwise convolution',
      { depthwise_efficiency: 0.5, large_depthwise_efficiency: 0.1 },
      kernelOf({ kind: 'depthwise', unit: 'vector', filter: filterOf({ groups: 64, kernel: [7, 7] }) }),
      2e-3,
      1e-3,
    ],
    [
      'one of 1 x 5',
      { large_depthwise_efficiency: 0.1 },
      kernelOf({ kind: 'depthwise', unit: 'vector', filter: filterOf({ groups: 64, kernel: [1, 5] }) }),
      2e-3,
      1e-3,
    ],
    ['a copy', { copy_efficiency: 0.5 }, kernelOf({ kind: 'copy', macs: 0 }), 0, 2e-3],
    [
      'a sum, which is no copy',
      { copy_efficiency: 0.5, memory_efficiency: 0.8 },
      kernelOf({ kind: 'pointwise', macs: 0 }),
      0,
      1.25e-3,
    ],
  ])('%s', (_, changes, kernel, compute, memory) => {
    const time = timeOf(kernel, changes)
    expect(time.compute).toBeCloseTo(compute, 9)
    expect(time.memory).toBeCloseTo(memory, 9)
    expect(time.total).toBeCloseTo(compute + memory, 9)
  })

  it('takes no less than a launch', () => {
    const tiny = kernelOf({ macs: 10, read: 1, written: 1, weights: 0 })
    expect(timeOf(tiny)).toMatchObject({ total: 1e-6, bound: 'launch' })
  })

  it('takes priors for what a calibration lacks or cannot mean', () => {
    const { parameters: given } = calibrationOf()
    const without = { ...given, memory_efficiency: -1, another: 3 }
    const model = calibrated(device, { parameters: without })
    expect(model.time(kernelOf(), 1).memory).toBeCloseTo(1e-3 / priors.memory_efficiency, 12)
  })
})
