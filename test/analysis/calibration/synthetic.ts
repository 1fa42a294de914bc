import {
  type Observation,
  predictedSeconds,
  workloadOf,
} from '../../../src/analysis/calibration/calibrate.ts'
import type { Device } from '../../../src/analysis/devices/device.ts'
import type { Kernel } from '../../../src/engines/kernel.ts'
import type { Parameters } from '../../../src/analysis/time/calibrations.ts'
import { device as plain, filterOf, kernelOf } from '../time/devices.ts'

/** A launch that nothing waits for. */
export const device: Device = { ...plain, launch: { value: 1e-12, source: 'test' } }

/** Numbers in 0..1 that look random and are the same each time (Park and Miller, doi:10.1145/63039.63042). */
export function numbers(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48271) % 2147483647) / 2147483647
}

const batch = 4

/** Networks of random kernels of all kinds, in five families, timed by the model itself. */
export function observations(truth: Parameters, count: number, noise = 0): Observation[] {
  const next = numbers(42)
  return Array.from({ length: count }, (_, index) => {
    const kernels = Array.from({ length: 12 }, () => randomKernel(next))
    const workload = workloadOf(kernels, batch, device)
    const seconds = predictedSeconds(workload, truth) * Math.exp(noise * (2 * next() - 1))
    return { workload, seconds, batch, family: `family ${index % 5}` }
  })
}

function randomKernel(next: () => number): Kernel {
  const pick = <T>(...choices: readonly [T, ...T[]]): T =>
    choices[Math.floor(next() * choices.length)] ?? choices[0]
  const amount = (): number => 10 ** (4 + 2 * next())
  const moved = { read: amount(), written: amount(), weights: 0 }
  const channels = pick(16, 24, 60, 64, 100, 256)
  const sides = { inChannels: channels, outChannels: pick(8, 16, 30, 64, 512) }
  switch (pick('dense', 'dense', 'grouped', 'depthwise', 'copy', 'pass')) {
    case 'dense':
      return kernelOf({ ...moved, macs: 100 * amount(), filter: filterOf(sides) })
    case 'grouped':
      return kernelOf({
        ...moved,
        kind: 'grouped',
        macs: 10 * amount(),
        filter: filterOf({ groups: pick(2, 8) }),
      })
    case 'depthwise': {
      const size = pick(3, 9)
      const filter = filterOf({ ...sides, groups: channels, kernel: [size, size] })
      return kernelOf({ ...moved, kind: 'depthwise', unit: 'vector', macs: amount(), filter })
    }
    case 'copy':
      return kernelOf({ ...moved, kind: 'copy', macs: 0 })
    case 'pass':
      return kernelOf({ ...moved, kind: 'pointwise', macs: 0 })
  }
}
