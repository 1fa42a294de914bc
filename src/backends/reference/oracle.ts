import type { Attributes, ParameterRole } from '../../ir/ops/definition.ts'
import type { TensorType } from '../../ir/tensor-type.ts'
import type { Volume } from './array.ts'

/** What one operator means, in loops plain enough to be believed; the measure of every other backend. */
export type Oracle<A extends Attributes = Attributes> = (call: Call<A>) => Volume | readonly Volume[]

export interface Call<A extends Attributes = Attributes> {
  readonly attributes: A
  readonly inputs: readonly Volume[]
  /** The first input, which most operators have only. */
  readonly x: Volume
  /** Inferred types of the outputs; `output` is the first. */
  readonly outputs: readonly TensorType[]
  readonly output: TensorType
  readonly parameter: (role: ParameterRole) => Float32Array
}
