import type { Calibration, Device } from '../devices/device.ts'
import type { Execution } from '../execution/kernel.ts'
import type { Errors } from '../statistics.ts'
import { parametersFrom, type Parameters } from '../time/parameters.ts'
import type { CalibrationKey } from '../time/pick-calibration.ts'
import { roofline } from '../time/roofline.ts'
import { coverageOf, operatorsOf } from './coverage.ts'
import { errorsOfSteps, familiesOf, heldOutPredictions } from './cross-validate.ts'
import { fit, type Observation } from './fit.ts'
import type { Measured } from './measured.ts'
import { refuseFew, refuseUseless } from './refuse.ts'
import { secondsOf, workloadOf, type Workload } from './workload.ts'

/** A measurement beside what its network does. */
export interface MeasuredExecution {
  readonly row: Measured
  readonly execution: Execution
  readonly family: string
}

/** A measurement as a fit sees it: the network and its kernels are no longer needed. */
export interface MeasuredWorkload {
  readonly row: Measured
  readonly family: string
  readonly workload: Workload
  /** Seconds of a step, by the roofline. */
  readonly roofline: number
  /** The kinds of kernels that the step launches, for what the calibration covers. */
  readonly operators: readonly string[]
}

export const reduced = ({ row, execution, family }: MeasuredExecution, device: Device): MeasuredWorkload => ({
  row,
  family,
  workload: workloadOf(execution.kernels, row.batch, device),
  roofline: rooflineSeconds({ row, execution }, device),
  operators: operatorsOf(execution.kernels),
})

/** A fit and how well it does. */
export interface Calibrated {
  readonly calibration: Calibration
  readonly families: readonly string[]
  /** Errors of the roofline, which knows no measurement; of the fit on its own rows; on held-out families. */
  readonly roofline: Errors
  readonly fitted: Errors
  readonly heldOut: Errors
  readonly rows: readonly CalibratedRow[]
}

/** Images a second. */
export interface CalibratedRow {
  readonly row: Measured
  readonly family: string
  readonly roofline: number
  readonly fitted: number
  readonly heldOut: number
}

/** Figures of a calibration's parameters: what lies beyond is noise. */
const DIGITS = 4

/**
 * Fits the time model to measurements on a device, all of one engine, layout and precision.
 * @param place where the measurements stand, for diagnostics
 * @param source what was measured, for the device file
 * @param onFamily is told each family before it is left out
 * @throws DiagnosticError E1210, E1211
 */
export function calibrate(
  measured: readonly MeasuredWorkload[],
  key: CalibrationKey,
  { place, source }: { readonly place: string; readonly source: string },
  onFamily?: (family: string) => void,
): Calibrated {
  const observations = measured.map(observationOf)
  const facts = { layout: key.layout, rows: measured.length, place }
  refuseFew(facts, familiesOf(observations).length)
  const parameters = rounded(fit(observations))
  const fitted = observations.map(({ workload }) => secondsOf(workload, parameters))
  const heldOut = heldOutPredictions(observations, onFamily)
  const plain = measured.map(({ roofline }) => roofline)
  const error = errorsOfSteps(heldOut, observations)
  const rooflineError = errorsOfSteps(plain, observations)
  const fittedError = errorsOfSteps(fitted, observations)
  refuseUseless(facts, parameters, [rooflineError, fittedError, error])
  return {
    calibration: {
      ...key,
      parameters,
      rows: measured.length,
      networks: new Set(measured.map(({ row }) => row.network)).size,
      error: roundedErrors(error),
      roofline_error: roundedErrors(rooflineError),
      covers: coverageOf(
        measured.map(({ row, operators }) => ({ batch: row.batch, size: [row.imageSize], operators })),
      ),
      source,
    },
    families: familiesOf(observations),
    roofline: rooflineError,
    fitted: fittedError,
    heldOut: error,
    rows: measured.map(({ row, family }, i) => ({
      row,
      family,
      roofline: row.batch / (plain[i] ?? NaN),
      fitted: row.batch / (fitted[i] ?? NaN),
      heldOut: row.batch / (heldOut[i] ?? NaN),
    })),
  }
}

const observationOf = ({ row, workload, family }: MeasuredWorkload): Observation => ({
  workload,
  batch: row.batch,
  seconds: row.batch / row.imagesPerSecond,
  family,
})

function rooflineSeconds({ row, execution }: Omit<MeasuredExecution, 'family'>, device: Device): number {
  const model = roofline(device)
  return execution.kernels.reduce((sum, kernel) => sum + model.time(kernel, row.batch).total, 0)
}

const round = (value: number): number => Number(value.toPrecision(DIGITS))

const rounded = (values: Parameters): Parameters => parametersFrom((name) => round(values[name]))

const roundedErrors = ({ median, p90, spearman, kendall }: Errors): Errors => ({
  median: round(median),
  p90: round(p90),
  spearman: round(spearman),
  kendall: round(kendall),
})

/** The device with a calibration in the place of any that was measured alike. */
export function withCalibration(device: Device, calibration: Calibration): Device {
  const { engine, layout, precision } = calibration
  const others = (device.calibrations ?? []).filter(
    (each) => each.engine !== engine || each.layout !== layout || each.precision !== precision,
  )
  return { ...device, calibrations: [...others, calibration] }
}
