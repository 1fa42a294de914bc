/**
 * What a network costs, for one image. The keys are those of the JSON report. MACs are multiply-accumulates of
 * convolutions and linear layers, bias not counted; one MAC is two floating-point operations.
 */
export interface Analysis {
  readonly network: string
  /** [C, H, W]. */
  readonly input: readonly number[]
  /** Elements of all trainable parameters. */
  readonly parameters: number
  /** Elements of what is kept beside them: running statistics. */
  readonly buffer_elements: number
  readonly macs: number
  /** MACs of filters that are not learned (blur), not part of `macs`. */
  readonly fixed_macs: number
  /** Stem, stages, head, and `other` where operators stand outside of them. */
  readonly stages: readonly StageAnalysis[]
  /** Every operator, in the order of execution. */
  readonly layers: readonly LayerAnalysis[]
}

interface Counts {
  /** Shape without the batch: [C, H, W], or [F] of a vector. */
  readonly output: readonly number[]
  readonly parameters: number
  readonly macs: number
  readonly fixed_macs: number
}

export interface StageAnalysis extends Counts {
  readonly name: string
  readonly kind: 'stem' | 'stage' | 'head' | 'other'
  /** Shapes of further tensors that the part hands on beside `output`; absent where it is one. */
  readonly other_outputs?: readonly (readonly number[])[]
}

export interface LayerAnalysis extends Counts {
  readonly path: string
  readonly op: string
  /** Name of the part it belongs to. */
  readonly part: string | null
}
