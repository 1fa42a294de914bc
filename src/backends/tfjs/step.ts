import type { Rank, ShapeMap, Tensor } from '@tensorflow/tfjs-core'
import type { Attributes, ParameterRole } from '../../ir/ops/definition.ts'
import type { TensorType } from '../../ir/tensor-type.ts'
import type { Capabilities } from './capabilities.ts'

/**
 * How one operator is carried out: a `StepBuilder` is called once for each node when a graph is compiled and converts the
 * node's parameters; the function that it returns is called in every run. Both work on tensors in this backend's
 * layout: a logical [C, H, W] is [N, H, W, C], any other shape follows the batch unchanged.
 */
export type StepBuilder<A extends Attributes = Attributes> = (context: StepContext<A>) => StepFunction

/** One node's work. It runs within `tf.tidy`, must not dispose its inputs, and returns tensors of its own. */
export type StepFunction = (inputs: readonly Tensor[]) => Tensor | Tensor[]

/** What a builder knows of the node that it prepares. */
export interface StepContext<A extends Attributes = Attributes> {
  readonly attributes: A
  /** Logical types, without the batch. */
  readonly inputs: readonly TensorType[]
  readonly outputs: readonly TensorType[]
  readonly capabilities: Capabilities
  /** A parameter in logical layout; asking for one that the node lacks is the compiler's fault. */
  readonly parameter: (role: ParameterRole) => Float32Array
  readonly constant: Constant
}

/**
 * A tensor that lives as long as the model. `values` is asked only where something computes: a trace (`trace/`) knows
 * constants by their shapes. Parameters are read in it and nowhere else, and never by a function that outlives the
 * preparation, which would hold on to all weights.
 */
export type Constant = <R extends Rank>(shape: ShapeMap[R], values: () => Float32Array) => Tensor<R>
