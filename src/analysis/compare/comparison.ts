import type { Analysis, RunDescription } from '../analysis.ts'
import type { Errors } from '../statistics.ts'

/** A network to compare, as the user called it. */
export interface Named {
  readonly name: string
  readonly analysis: Analysis
}

/** Several networks side by side, the fastest first. The keys are those of the JSON report. */
export interface Comparison {
  /** Of all of them. */
  readonly run: RunDescription
  /** Absent where no device was asked for. */
  readonly device?: { readonly name: string; readonly title: string; readonly model: string }
  readonly networks: readonly Compared[]
  /** How well each amount tells what was measured; absent where less than two networks were. */
  readonly accuracy?: Accuracy
}

export interface Compared {
  readonly name: string
  /** [C, H, W]. */
  readonly input: readonly number[]
  readonly amounts: Readonly<Partial<Record<Predictor, number>>>
  /** Place by each amount from 1, the least first; equal amounts share the better place. */
  readonly ranks: Readonly<Partial<Record<Predictor | 'measured', number>>>
  readonly images_per_second?: number
  readonly measured?: MeasuredSpeed
}

/** What a comparison orders networks by. All are of one image; `seconds` is the predicted time. */
export const predictors = ['parameters', 'macs', 'bytes', 'seconds'] as const
export type Predictor = (typeof predictors)[number]

export interface MeasuredSpeed {
  readonly images_per_second: number
  /** The batch that it was measured at: the nearest to that of the run. */
  readonly batch: number
  /** Predicted over measured time, less 1; absent where no time is predicted. */
  readonly error?: number
}

export interface Accuracy {
  /** Networks that were measured. */
  readonly networks: number
  /** Without those of which a network has nothing. */
  readonly predictors: readonly PredictorAccuracy[]
}

/** Of seconds an image. */
export interface PredictorAccuracy extends Errors {
  readonly predictor: Predictor
  /**
   * Seconds for one of its units. An amount is no time: what it is multiplied with makes its median ratio to the measured
   * times 1, which is the best that one number can do. Absent of the predicted time, which is compared as it is.
   */
  readonly scale?: number
}
