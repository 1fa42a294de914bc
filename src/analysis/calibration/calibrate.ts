import type { Device, Calibration } from '../devices/device.ts'
import type { Kernel } from '../../engines/kernel.ts'
import { kernelsOf, type Schedule } from '../../engines/schedule.ts'
import {
  type Parameters,
  parameterNames,
  parameters,
  parametersFrom,
  priors,
  type CalibrationKey,
} from '../time/calibrations.ts'
import { price, termsOf, type Terms, roofline } from '../time/time-model.ts'
import { leastSquares } from './least-squares.ts'
import { errorsOf, type Errors } from '../statistics.ts'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { LARGEST_ERROR, LARGEST_PARAMETER, LEAST_PARAMETER } from '../devices/read-device.ts'
import { coverageOf, operatorsOf } from './coverage.ts'
import type { Measured } from './measured.ts'

/** The kernels of a step as the time model sees them, equal ones counted: a fit prices them thousands of times. */
type Workload = readonly { readonly terms: Terms; readonly count: number }[]

export function workloadOf(kernels: readonly Kernel[], batch: number, device: Device): Workload {
  const counts = new Map<string, { readonly terms: Terms; count: number }>()
  for (const kernel of kernels) {
    const terms = termsOf(kernel, batch, device)
    const key = Object.values(terms).join()
    const same = counts.get(key)
    if (same === undefined) counts.set(key, { terms, count: 1 })
    else same.count++
  }
  return [...counts.values()]
}

/** Seconds of a step. */
export function predictedSeconds(workload: Workload, parameters: Parameters): number {
  let seconds = 0
  for (const { terms, count } of workload) seconds += count * price(terms, parameters).total
  return seconds
}

/** One measurement of one network. */
export interface Observation {
  readonly workload: Workload
  /** Images a step. */
  readonly batch: number
  /** Seconds of a step, measured. */
  readonly seconds: number
  /** Networks that are built alike; a network of a family that was fitted is hardly a new one. */
  readonly family: string
}

/** Relative error up to which errors count by their square; beyond, by their size: one odd row decides nothing. */
const DELTA = 0.05

/**
 * The parameters under which log(predicted / measured) is least: pseudo-Huber loss of each observation, and for each
 * parameter the square of its distance from the prior, in units of the prior's spread, as much as one error of DELTA.
 */
export function fit(observations: readonly Observation[]): Parameters {
  const residuals = (logarithms: readonly number[]): number[] => {
    const tried = fromLogarithms(logarithms)
    const errors = observations.map(({ workload, seconds }) =>
      pseudoHuber(Math.log(predictedSeconds(workload, tried) / seconds)),
    )
    return [...errors, ...logarithms.map(distanceFromPrior)]
  }
  return fromLogarithms(leastSquares(residuals, startOf(priors)).x)
}

/** What squares to 2 DELTA^2 (sqrt(1 + (error / DELTA)^2) - 1): the error itself where it is small. */
const pseudoHuber = (error: number): number =>
  Math.sign(error) * DELTA * Math.sqrt(2 * (Math.hypot(1, error / DELTA) - 1))

function distanceFromPrior(logarithm: number, index: number): number {
  const name = parameterNames[index]
  if (name === undefined) return 0
  return (DELTA * (logarithm - Math.log(parameters[name].prior))) / parameters[name].spread
}

const startOf = (values: Parameters): number[] => parameterNames.map((name) => Math.log(values[name]))

const fromLogarithms = (logarithms: readonly number[]): Parameters =>
  parametersFrom((name) => Math.exp(logarithms[parameterNames.indexOf(name)] ?? 0))

/**
 * Seconds of each observation as predicted by a fit to the observations of all other families: what can be expected
 * of a network that is built like none that was measured.
 * @param onFamily is told each family before it is left out
 */
export function heldOutPredictions(
  observations: readonly Observation[],
  onFamily: (family: string) => void = () => undefined,
): number[] {
  const predicted = new Map<Observation, number>()
  for (const family of familiesOf(observations)) {
    onFamily(family)
    const parameters = fit(observations.filter((each) => each.family !== family))
    for (const each of observations)
      if (each.family === family) predicted.set(each, predictedSeconds(each.workload, parameters))
  }
  return observations.map((each) => predicted.get(each) ?? NaN)
}

/** In order of first appearance. */
export const familiesOf = (observations: readonly Observation[]): readonly string[] => [
  ...new Set(observations.map(({ family }) => family)),
]

/** How well seconds of a step do. What is compared is seconds an image: the order of steps is also that of batches. */
export function errorsOfSteps(predicted: readonly number[], observations: readonly Observation[]): Errors {
  return errorsOf(
    predicted.map((seconds, i) => seconds / (observations[i]?.batch ?? 1)),
    observations.map(({ seconds, batch }) => seconds / batch),
  )
}

/** What the rows are, for a message about them. */
interface RowsFacts {
  readonly layout: string
  readonly rows: number
  /** The table's file. */
  readonly place: string
}

/** @throws DiagnosticError E1210 where the rows do not decide the parameters, or leave no family to hold out */
export function refuseFew({ layout, rows, place }: RowsFacts, families: number): void {
  const wanted = parameterNames.length
  if (rows >= wanted && families >= 2) return
  throw new DiagnosticError([diagnose('E1210', { path: place }, { layout, rows, families, wanted })])
}

/**
 * A device file takes what passes here.
 * @throws DiagnosticError E1211 where the times have no order, or the fit comes nowhere near them
 */
export function refuseUseless(
  { layout, rows, place }: RowsFacts,
  parameters: Parameters,
  errors: readonly Errors[],
): void {
  const fault = faultOf(parameters, errors)
  if (fault === undefined) return
  throw new DiagnosticError([diagnose('E1211', { path: place }, { layout, rows, fault })])
}

function faultOf(parameters: Parameters, errors: readonly Errors[]): 'size' | 'order' | undefined {
  const isSane = (value: number): boolean => value >= LEAST_PARAMETER && value <= LARGEST_PARAMETER
  // Also where they are NaN.
  const areNear = errors.every(({ median, p90 }) => median <= LARGEST_ERROR && p90 <= LARGEST_ERROR)
  if (!areNear || !parameterNames.every((name) => isSane(parameters[name]))) return 'size'
  return errors.some(({ spearman, kendall }) => Number.isNaN(spearman + kendall)) ? 'order' : undefined
}

/** A measurement beside what its network does. */
export interface MeasuredExecution {
  readonly row: Measured
  readonly execution: Schedule
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
  workload: workloadOf(kernelsOf(execution), row.batch, device),
  roofline: rooflineSeconds({ row, execution }, device),
  operators: operatorsOf(kernelsOf(execution)),
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
interface CalibratedRow {
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
  const fitted = observations.map(({ workload }) => predictedSeconds(workload, parameters))
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
  return kernelsOf(execution).reduce((sum, kernel) => sum + model.time(kernel, row.batch).total, 0)
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
