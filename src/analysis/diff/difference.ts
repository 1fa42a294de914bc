import type { RunDescription, StageAnalysis, Counts } from '../analysis.ts'

/** What changed from one network to another. The keys are those of the JSON report. */
export interface Difference {
  readonly before: Side
  readonly after: Side
  readonly total: Figures & { readonly images_per_second?: Change }
  /** All parts, in the order of the second network; those it lost stand where they were. */
  readonly parts: readonly PartDifference[]
}

export interface Side {
  /** How the caller tells the sides apart, where both are the same network. */
  readonly label: string
  readonly network: string
  /** [C, H, W]. */
  readonly input: readonly number[]
  readonly run: RunDescription
  /** Absent where no device was asked for. */
  readonly device?: { readonly name: string; readonly title: string; readonly model: string }
}

/**
 * What is compared. `macs`, `arithmetic` and `bytes` are of one image, `seconds` and `peak_memory` (bytes) of a step;
 * the peak of a part or block is the most that is in use while one of its layers runs.
 */
export type FigureName =
  'parameters' | 'macs' | 'arithmetic' | 'bytes' | 'kernels' | 'seconds' | 'peak_memory'

/** `seconds` is absent where no device was asked for. */
export type Figures = Readonly<Record<Exclude<FigureName, 'seconds'>, Change>> & { readonly seconds?: Change }

/** A figure of what is not there is 0. */
export interface Change {
  readonly before: number
  readonly after: number
  readonly delta: number
  /** Of what it was; absent where it was 0. */
  readonly percent?: number
}

/** `same`: the same operators with the same shapes and costs; the peak of memory may differ even so. */
export type ChangeKind = 'same' | 'changed' | 'added' | 'removed'

interface Compared {
  readonly change: ChangeKind
  readonly figures: Figures
}

/** A value of both networks, absent of one that does not have it. */
export interface Sides<T> {
  readonly before?: T
  readonly after?: T
}

export interface PartDifference extends Compared {
  readonly name: Sides<string>
  readonly kind: StageAnalysis['kind']
  readonly output: Sides<readonly number[]>
  /** How many blocks both have that are the same. */
  readonly same_blocks: number
  /** The others. */
  readonly blocks: readonly BlockDifference[]
}

/** What one element of a path below the part holds: a repetition of a stage, an operator of a stem. */
export interface BlockDifference extends Compared {
  /** Path, with the part. */
  readonly path: Sides<string>
  readonly same_layers: number
  /** The layers that are not the same. */
  readonly layers: readonly LayerDifference[]
}

export interface LayerDifference extends Compared {
  readonly path: Sides<string>
  readonly op: Sides<string>
  readonly output: Sides<readonly number[]>
}

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
