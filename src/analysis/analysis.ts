import type { Bound } from './time/time-model.ts'
import type { ExecutionOptions, KernelKind } from '../engines/kernel.ts'
import type { InPlaceNorms } from '../engines/eager/lowerings.ts'
import type { Errors } from './statistics.ts'

/**
 * What a network costs. The keys are those of the JSON report. Amounts are of one image unless a field says "a step",
 * which is one pass of `run.batch` images. MACs are multiply-accumulates of convolutions and linear layers, bias not
 * counted; one MAC is two floating-point operations.
 */
export interface Analysis extends Counts {
  readonly network: string
  /** [C, H, W]. */
  readonly input: readonly number[]
  /** Elements of what is kept beside the trainable parameters: running statistics. */
  readonly buffer_elements: number
  readonly run: RunDescription
  /** Absent where no device was asked for. */
  readonly throughput?: Throughput
  readonly memory: MemoryAnalysis
  /** Stem, stages, head, and `other` where operators stand outside of them. */
  readonly stages: readonly StageAnalysis[]
  /** Every operator, in the order of execution. */
  readonly layers: readonly LayerAnalysis[]
}

/** As which engine runs it. */
export interface RunDescription extends ExecutionOptions {
  readonly engine: string
  /** Images a step. */
  readonly batch: number
  /** Present where activated batch norms were asked to run in place: how many do. */
  readonly abn_in_place?: InPlaceNorms
}

export interface Counts {
  /** Elements of trainable parameters. */
  readonly parameters: number
  readonly macs: number
  /** MACs of filters that are not learned (blur), not part of `macs`. */
  readonly fixed_macs: number
  /** Every other elementary operation: additions, comparisons, exponentials. */
  readonly arithmetic: number
  /** Bytes of activations that kernels read. */
  readonly bytes_read: number
  /** Bytes of activations that kernels write. */
  readonly bytes_written: number
  /** Bytes of parameters and buffers that kernels read or write, a step. */
  readonly bytes_weights: number
  /** All bytes, the weights' shared by the batch: read + written + weights / batch. */
  readonly bytes: number
  readonly kernels: number
  /** Floating-point operations of all MACs over all bytes. */
  readonly intensity: number
  /** Absent where no device was asked for. */
  readonly time?: Time
  /** Joules of one image, bytes and FLOPs times figures of the device; absent where the device's file has none. */
  readonly energy_estimate?: number
}

/** Seconds a step. */
export interface Time {
  readonly seconds: number
  /** The part of `seconds` spent in kernels bound by each. They sum to it. */
  readonly compute: number
  readonly memory: number
  readonly launch: number
  /** The largest of the three. */
  readonly bound: Bound
  /** Of the whole network's time, 0 to 1. */
  readonly share: number
}

export interface StageAnalysis extends Counts {
  readonly name: string
  readonly kind: 'stem' | 'stage' | 'head' | 'other'
  /** Shape without the batch: [C, H, W], or [F] of a vector. */
  readonly output: readonly number[]
  /** Shapes of further tensors that the part hands on beside `output`; absent where it is one. */
  readonly other_outputs?: readonly (readonly number[])[]
}

export interface LayerAnalysis extends Counts {
  readonly path: string
  readonly op: string
  /** Name of the part it belongs to. */
  readonly part: string | null
  readonly output: readonly number[]
  /** Of its costliest kernel; `view` where it has none because it moves nothing. */
  readonly kind: KernelKind | 'view' | 'fused'
  /** The operator in whose kernel its work is done; then its own bytes and kernels are 0. */
  readonly fused_into: string | null
  /** Whether it adds a learned offset; null for an operator that could not. A convolution in front of a norm adds none. */
  readonly bias: boolean | null
  /** The innermost line of the network's own file that led to it: its stage, or a block of that file. */
  readonly called_from: { readonly file: string; readonly line: number; readonly column: number }
  /** Where the operator itself is written, which may be in the library. */
  readonly location: { readonly file: string; readonly line: number; readonly column: number }
}

/** What a device makes of it. */
export interface Throughput {
  readonly device: string
  readonly title: string
  readonly model: 'roofline' | 'calibrated'
  /** Title of the device whose measurements the model was fitted to, where it is another one. */
  readonly calibrated_on?: string
  /** Of a step. */
  readonly seconds: number
  readonly images_per_second: number
  /** Images a second if nothing but MACs took time, and if nothing but bytes did, at the datasheet's peaks. */
  readonly compute_ceiling: number
  readonly memory_ceiling: number
  /** FLOPs a byte above which the device's arithmetic is what limits. */
  readonly ridge: number
  /** FLOP/s and bytes/s of the ceilings, for the roofline's lines: of the matrix unit, the vector unit, the memory. */
  readonly peaks: { readonly matrix: number; readonly vector: number; readonly bandwidth: number }
  /**
   * How far predictions of this kind were off where they could be compared; absent where they never were, and where the
   * step is outside of what was measured.
   */
  readonly error?: Errors & { readonly source: string }
  /** Where there are errors of such predictions and they say nothing of this one: why, as "batch 1 was not measured". */
  readonly error_unknown?: string
}

/** Bytes. */
export interface MemoryAnalysis {
  /** At the batch of the run. */
  readonly peak: number
  /** The layer (index) during which the peak is reached; -1 before the first. */
  readonly peak_layer: number
  /** What makes up the peak, largest first: weights, activations, gradients, optimiser state, ... */
  readonly parts: readonly { readonly name: string; readonly bytes: number }[]
  /** Bytes during the calls of each layer, in the order of execution; in training, of the backward pass too. */
  readonly timeline: readonly {
    readonly layer: number
    readonly pass: 'forward' | 'backward'
    readonly bytes: number
  }[]
  /** The device's memory and the largest batch that fits; absent without a device. 0 where not even one image does. */
  readonly device?: { readonly bytes: number; readonly reserved: number; readonly largest_batch: number }
  /** What the model of an engine's memory assumes, where it was not compared with the engine itself. */
  readonly unmeasured?: string
}
