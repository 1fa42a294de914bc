import { parameterNames, parameters, parametersFrom, priors, type Parameters } from '../time/parameters.ts'
import { leastSquares } from './least-squares.ts'
import { secondsOf, type Workload } from './workload.ts'

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
      pseudoHuber(Math.log(secondsOf(workload, tried) / seconds)),
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
