import { errorsOf, quantile } from '../statistics.ts'
import {
  predictors,
  type Accuracy,
  type Compared,
  type Predictor,
  type PredictorAccuracy,
} from './comparison.ts'

/** One network has no order. */
const FEWEST = 2

/** How well each amount tells the measured times; `undefined` where less than two networks were measured. */
export function accuracyOf(entries: readonly Pick<Compared, 'amounts' | 'measured'>[]): Accuracy | undefined {
  const known = entries.flatMap(({ amounts, measured }) =>
    measured === undefined ? [] : [{ amounts, seconds: 1 / measured.images_per_second }],
  )
  if (known.length < FEWEST) return undefined
  const seconds = known.map((one) => one.seconds)
  return {
    networks: known.length,
    predictors: predictors.flatMap((predictor) => {
      const values = known.flatMap(({ amounts }) => amounts[predictor] ?? [])
      return values.length < known.length || cannotScale(predictor, values)
        ? []
        : [accuracy(predictor, values, seconds)]
    }),
  }
}

/** Whatever 0 is multiplied with, it is no time: networks may have no parameters, or no MACs. */
const cannotScale = (predictor: Predictor, values: readonly number[]): boolean =>
  predictor !== 'seconds' && values.includes(0)

function accuracy(
  predictor: Predictor,
  values: readonly number[],
  seconds: readonly number[],
): PredictorAccuracy {
  if (predictor === 'seconds') return { predictor, ...errorsOf(values, seconds) }
  const scale = quantile(
    seconds.map((time, i) => time / (values[i] ?? NaN)),
    0.5,
  )
  const scaled = values.map((value) => value * scale)
  return { predictor, scale, ...errorsOf(scaled, seconds) }
}
