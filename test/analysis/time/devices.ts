import type { Calibration, Device } from '../../../src/analysis/devices/device.ts'
import type { Filter, Kernel } from '../../../src/engines/kernel.ts'
import { priors, type Parameters } from '../../../src/analysis/time/calibrations.ts'

const figure = (value: number) => ({ value, source: 'test' })

/** 100 GFLOP/s with matrix units, 10 without, 1 GB/s; launching takes 1 us. */
export const device: Device = {
  archc_device: 1,
  name: 'plain',
  title: 'Round figures',
  kind: 'gpu',
  memory: figure(1e10),
  reserved: figure(1e8),
  bandwidth: figure(1e9),
  cache: figure(1e6),
  launch: figure(1e-6),
  rates: { fp16: { matrix: figure(1e11), vector: figure(1e10) }, fp32: { vector: figure(1e10) } },
  sources: { test: { title: 'made up', url: 'https://example.org' } },
}

/** A kernel of 1 MMAC and 1 MB, dense 64 to 64 channels. */
export const kernelOf = (given: Partial<Kernel> = {}): Kernel => ({
  name: 'conv',
  kind: 'dense',
  macs: 1e6,
  arithmetic: 0,
  type: 'fp16',
  unit: 'matrix',
  read: 5e5,
  written: 4e5,
  weights: 1e5,
  filter: filterOf(),
  ...given,
})

export const filterOf = (given: Partial<Filter> = {}): Filter => ({
  inChannels: 64,
  outChannels: 64,
  groups: 1,
  kernel: [3, 3],
  stride: [1, 1],
  ...given,
})

/** Parameters under which everything runs at its peak, one after the other. */
export const ideal: Parameters = {
  ...priors,
  dense_efficiency: 1,
  narrow_width: 1e-9,
  misalignment: 1e-9,
  unhidden: 1,
  grouped_efficiency: 1,
  depthwise_efficiency: 1,
  large_depthwise_efficiency: 1,
  memory_efficiency: 1,
  copy_efficiency: 1,
}

export const calibrationOf = (given: Partial<Calibration> = {}): Calibration => ({
  engine: 'eager',
  layout: 'nhwc',
  precision: 'mixed',
  parameters: { ...ideal },
  rows: 10,
  networks: 10,
  error: { median: 0.04, p90: 0.1, spearman: 0.99, kendall: 0.95 },
  source: 'made up',
  ...given,
})
