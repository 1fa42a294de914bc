import { errorsOf, type Errors } from '../statistics.ts'
import { fit, type Observation } from './fit.ts'
import { secondsOf } from './workload.ts'

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
      if (each.family === family) predicted.set(each, secondsOf(each.workload, parameters))
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
