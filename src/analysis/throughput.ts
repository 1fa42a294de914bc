import type { Throughput } from './analysis.ts'
import { peakRate } from './devices/peak-rate.ts'
import { beyondCoverage } from './calibration/coverage.ts'
import type { Coverage, Device } from './devices/device.ts'
import { bytesOfStep, flopsOfStep, type Execution } from './execution/kernel.ts'
import { precise } from './execution/precision.ts'
import type { Errors } from './statistics.ts'
import type { TimeModel } from './time/time-model.ts'

/** Where times come from. */
export interface Prediction {
  readonly device: Device
  readonly model: TimeModel
  /** The device whose measurements the model was fitted to, where it is another. */
  readonly calibratedOn?: string
  /** How far off such predictions were, where they could be compared. */
  readonly error?: Errors & { readonly source: string }
  /** Under what conditions that was; beyond them it says nothing. */
  readonly covers?: Coverage
}

/** Images a second, and what they would be at the device's peaks. */
export function throughputOf(
  { kernels, options }: Execution,
  batch: number,
  { device, model, calibratedOn, error, covers }: Prediction,
  { seconds, input }: { readonly seconds: number; readonly input: readonly number[] },
): Throughput {
  const conditions = { batch, size: input.slice(1), execution: { kernels } }
  const beyond = error && beyondCoverage(covers, conditions, (kernel) => model.time(kernel, batch).total)
  const type = precise[options.precision].computes
  const matrix = peakRate(device, type, 'matrix')
  const bandwidth = device.bandwidth.value
  const compute = kernels.reduce(
    (sum, kernel) =>
      sum + (kernel.macs === 0 ? 0 : flopsOfStep(kernel, batch) / peakRate(device, kernel.type, kernel.unit)),
    0,
  )
  const memory = kernels.reduce((sum, kernel) => sum + bytesOfStep(kernel, batch), 0) / bandwidth
  return {
    device: device.name,
    title: device.title,
    model: model.name,
    seconds,
    images_per_second: rate(batch, seconds),
    compute_ceiling: rate(batch, compute),
    memory_ceiling: rate(batch, memory),
    ridge: matrix / bandwidth,
    peaks: { matrix, vector: peakRate(device, type, 'vector'), bandwidth },
    ...(calibratedOn === undefined ? {} : { calibrated_on: calibratedOn }),
    ...(error === undefined || beyond !== undefined ? {} : { error }),
    ...(beyond === undefined ? {} : { error_unknown: beyond }),
  }
}

/** 0 for a step that takes no time: a network of views. */
const rate = (batch: number, seconds: number): number => (seconds === 0 ? 0 : batch / seconds)
