import { type Calibration, type Device, peakRate, type Coverage } from './devices/device.ts'
import { bytesOfStep, flopsOfStep, precise } from '../engines/kernel.ts'
import { kernelsOf, type Schedule } from '../engines/schedule.ts'
import { calibrated, roofline, type TimeModel } from './time/time-model.ts'
import { calibrationFor, pickCalibration } from './time/calibrations.ts'
import type { Throughput } from './analysis.ts'
import { imagesPerSecond } from './measures.ts'
import { beyondCoverage } from './calibration/coverage.ts'
import type { Errors } from './statistics.ts'

/**
 * How times are predicted on a device. Without a model asked for: calibrated where measurements were made with that
 * engine, layout and precision, on the device itself or on one like it; else the roofline. `undefined` where a calibrated
 * model was asked for and there is none.
 * @param others asked only where the device has no calibration of its own
 */
export function predictionOf(
  device: Device,
  { engine, options }: Pick<Schedule, 'engine' | 'options'>,
  others: () => readonly Device[] = () => [],
  wanted?: 'roofline' | 'calibrated',
): TimePrediction | undefined {
  const key = { engine, layout: options.layout, precision: options.precision }
  // What was measured was inference.
  const isMeasured = options.mode === 'inference'
  const own = calibrationFor(device, key)
  if (wanted === 'roofline') return rooflineOf(device, isMeasured ? own : undefined)
  const picked = pickCalibration(device, key, own === undefined ? others() : [])
  if (picked === undefined) return wanted === undefined ? rooflineOf(device) : undefined
  const { calibration, from, transferred } = picked
  const known = isMeasured && !transferred
  return {
    device,
    model: calibrated(device, calibration),
    ...(transferred ? { calibratedOn: from.title } : {}),
    ...(known
      ? { error: { ...calibration.error, source: calibration.source }, ...coverageOf(calibration) }
      : {}),
  }
}

const rooflineOf = (device: Device, calibration?: Calibration): TimePrediction => ({
  device,
  model: roofline(device),
  ...(calibration?.roofline_error === undefined
    ? {}
    : {
        error: { ...calibration.roofline_error, source: calibration.source },
        ...coverageOf(calibration),
      }),
})

const coverageOf = ({ covers }: Calibration): Pick<TimePrediction, 'covers'> =>
  covers === undefined ? {} : { covers }

/** Where times come from. */
export interface TimePrediction {
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
  schedule: Schedule,
  batch: number,
  { device, model, calibratedOn, error, covers }: TimePrediction,
  { seconds, input }: { readonly seconds: number; readonly input: readonly number[] },
): Throughput {
  const kernels = kernelsOf(schedule)
  const conditions = { batch, size: input.slice(1), kernels }
  const beyond = error && beyondCoverage(covers, conditions, (kernel) => model.time(kernel, batch).total)
  const type = precise[schedule.options.precision].computes
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
    images_per_second: imagesPerSecond(batch, seconds),
    compute_ceiling: imagesPerSecond(batch, compute),
    memory_ceiling: imagesPerSecond(batch, memory),
    ridge: matrix / bandwidth,
    peaks: { matrix, vector: peakRate(device, type, 'vector'), bandwidth },
    ...(calibratedOn === undefined ? {} : { calibrated_on: calibratedOn }),
    ...(error === undefined || beyond !== undefined ? {} : { error }),
    ...(beyond === undefined ? {} : { error_unknown: beyond }),
  }
}
