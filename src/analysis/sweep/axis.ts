import type { Expression } from '../../parser/ast.ts'

/** One dimension of a design space. */
export interface Axis {
  readonly kind: AxisKind
  /** As the user wrote it: `width`, `se.reduction`, `layer3.se.reduction`, `input_size`, `batch`. */
  readonly name: string
  /** In the order of the sweep; each as the command line would take it. */
  readonly values: readonly AxisValue[]
}

/** What an axis changes: a setting of the network or of a block, the size of its input, or the batch of a step. */
export type AxisKind = 'setting' | 'input_size' | 'batch'

export interface AxisValue {
  /** `0.5`, `[3, 4, 6, 3]`, `3x192x256`. */
  readonly text: string
  /** Of a setting. */
  readonly expression?: Expression
  /** Of `input_size` ([C, H, W], or [H, W] with the network's own channels) and of `batch` (one number). */
  readonly numbers?: readonly number[]
}
