import type { Counts } from '../analysis.ts'
import type { Change, ChangeKind, Figures, Sides } from './difference.ts'

/** What something costs; `seconds` is absent where no device was asked for. */
export type Amounts = Readonly<Record<Exclude<keyof Figures, 'seconds'>, number>> & {
  readonly seconds?: number
}

const none: Amounts = {
  parameters: 0,
  macs: 0,
  arithmetic: 0,
  bytes: 0,
  kernels: 0,
  peak_memory: 0,
}

/** @param peak bytes */
export const amountsOf = (
  { parameters, macs, arithmetic, bytes, kernels, time }: Counts,
  peak: number,
): Amounts => ({
  parameters,
  macs,
  arithmetic,
  bytes,
  kernels,
  peak_memory: peak,
  ...(time === undefined ? {} : { seconds: time.seconds }),
})

/** All of some layers together: sums, and the highest peak. */
export function together(all: readonly Amounts[]): Amounts {
  const sum = { ...none, seconds: 0 }
  for (const each of all) {
    sum.parameters += each.parameters
    sum.macs += each.macs
    sum.arithmetic += each.arithmetic
    sum.bytes += each.bytes
    sum.kernels += each.kernels
    sum.seconds += each.seconds ?? 0
    sum.peak_memory = Math.max(sum.peak_memory, each.peak_memory)
  }
  const { seconds, ...amounts } = sum
  return all.some((each) => each.seconds !== undefined) ? { ...amounts, seconds } : amounts
}

export function figuresOf({ before = none, after = none }: Sides<Amounts>): Figures {
  const timed = before.seconds !== undefined || after.seconds !== undefined
  return {
    parameters: changeOf(before.parameters, after.parameters),
    macs: changeOf(before.macs, after.macs),
    arithmetic: changeOf(before.arithmetic, after.arithmetic),
    bytes: changeOf(before.bytes, after.bytes),
    kernels: changeOf(before.kernels, after.kernels),
    ...(timed ? { seconds: changeOf(before.seconds ?? 0, after.seconds ?? 0) } : {}),
    peak_memory: changeOf(before.peak_memory, after.peak_memory),
  }
}

export const changeOf = (before: number, after: number): Change => ({
  before,
  after,
  delta: after - before,
  ...(before === 0 ? {} : { percent: 100 * ((after - before) / before) }),
})

/**
 * What became of something.
 * @param isAlike whether its operators and shapes are the same; the peak of memory is no matter of its own
 */
export function kindOf<T>({ before, after }: Sides<T>, figures: Figures, isAlike: boolean): ChangeKind {
  if (before === undefined) return 'added'
  if (after === undefined) return 'removed'
  const isEqual = Object.entries(figures).every(([name, { delta }]) => name === 'peak_memory' || delta === 0)
  return isAlike && isEqual ? 'same' : 'changed'
}
