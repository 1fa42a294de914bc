import { peakRate } from '../devices/peak-rate.ts'
import type { Device } from '../devices/device.ts'
import { bytesOfStep, flopsOfStep, type Kernel } from '../execution/kernel.ts'
import { kernelTime, type TimeModel } from './time-model.ts'

/**
 * The roofline (Williams et al. 2009, doi:10.1145/1498765.1498785) with nothing fitted: FLOPs over the datasheet's peak
 * plus bytes over its bandwidth. The sum rather than the larger of the two: kernels seldom overlap both, and on
 * measured networks the sum predicts better (docs/decisions/0009).
 */
export const roofline = (device: Device): TimeModel => ({
  name: 'roofline',
  time: (kernel: Kernel, batch: number) =>
    kernelTime(
      kernel.macs === 0 ? 0 : flopsOfStep(kernel, batch) / peakRate(device, kernel.type, kernel.unit),
      bytesOfStep(kernel, batch) / device.bandwidth.value,
      device.launch.value,
    ),
})
