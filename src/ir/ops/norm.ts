import type { TensorType } from '../tensor-type.ts'
import type { ParameterDefinition } from './definition.ts'
import { epsilon, finite, fraction } from './kinds.ts'
import { argument } from './spelling.ts'
import { sizesOf } from './tensors.ts'

/** What batch_norm and abn share. */
export const normAttributes = { eps: epsilon, momentum: fraction, initial_scale: finite }

export const normArguments = {
  eps: argument(epsilon, 'Added to the variance before its square root.', 1e-5),
  momentum: argument(fraction, 'Share of a new batch in the running statistics.', 0.1),
  initial_scale: argument(finite, 'What `weight` starts with; 0 lets a residual branch start silent.', 1),
}

const perChannel = (
  role: ParameterDefinition['role'],
  inputs: readonly TensorType[],
  value: number,
  trainable = true,
): ParameterDefinition => ({
  role,
  shape: [sizesOf(inputs).channels],
  trainable,
  initial: { kind: 'constant', value },
})

/** Learned factor and offset, [C] each. */
export const affineParameters = (weight: number, inputs: readonly TensorType[]): ParameterDefinition[] => [
  perChannel('weight', inputs, weight),
  perChannel('bias', inputs, 0),
]

/** As above, and the running mean and variance, which training updates but does not learn. */
export const batchNormParameters = (
  { initial_scale }: { readonly initial_scale: number },
  inputs: readonly TensorType[],
): ParameterDefinition[] => [
  ...affineParameters(initial_scale, inputs),
  perChannel('running_mean', inputs, 0, false),
  perChannel('running_var', inputs, 1, false),
]
