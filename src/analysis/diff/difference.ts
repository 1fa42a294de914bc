import type { RunDescription, StageAnalysis } from '../analysis.ts'
import type { MeasuresWith } from '../measures.ts'

/** What changed from one network to another. The keys are those of the JSON report. */
export interface Difference {
  readonly before: Side
  readonly after: Side
  readonly total: Figures
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
 * What is compared, by measure. The peak of memory of a part, block or layer is the most that is in use while one of its
 * layers runs. A measure that needs a device is absent where none was asked for.
 */
export type Figures = Readonly<Record<Exclude<DiffKey, Optional>, Change>> &
  Readonly<Partial<Record<Optional, Change>>>

export type DiffKey = MeasuresWith<'diff'>
type Optional = DiffKey & MeasuresWith<'needs'>

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
