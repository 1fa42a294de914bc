import {
  add,
  div,
  elu,
  erf,
  exp,
  expm1,
  greater,
  log1p,
  mul,
  prelu,
  relu,
  relu6,
  sigmoid,
  softplus,
  sub,
  tanh,
  where,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core'
import {
  activationNames,
  activationOf,
  type ActivationName,
  type InnerActivation,
} from '../../../ir/ops/activations.ts'
import { interpret, leavesOf, type elementaryFunctions, type FunctionName } from '../../../ir/ops/formula.ts'
import type { StepBuilder, StepContext } from '../step.ts'
import { channelsOf, first } from './maps.ts'

/** A tensor, or a number that tfjs makes one of. */
type Operand = Tensor | number

/** As many operands as a function of formulas takes numbers. */
type OperandsFor<P extends readonly number[]> = { readonly [K in keyof P]: Operand }

/** The functions that formulas are made of, in those of tfjs. */
const functions: {
  readonly [N in FunctionName]: (
    ...operands: OperandsFor<Parameters<(typeof elementaryFunctions)[N]['at']>>
  ) => Tensor
} = {
  add,
  sub,
  mul,
  div,
  exp,
  expm1,
  log1p,
  erf,
  tanh,
  sigmoid,
  softplus,
  relu,
  relu6,
  elu,
  // By `prelu` with one slope per channel: backends vectorise it where they do not vectorise `leakyRelu`.
  leaky_relu: prelu,
  where_greater: (a, b, yes, no) => where(greater(a, b), yes, no),
}

/** Elementwise, on a batch in this backend's layout. */
export type ElementwiseFunction = (x: Tensor) => Tensor

/** What constants per channel need. */
type ChannelContext = Pick<StepContext, 'inputs' | 'constant'>

/** The activation that an operator names in its attributes; `none` gives nothing. */
export function activationFunction(
  { name, slope }: InnerActivation,
  { inputs, constant }: ChannelContext,
): ElementwiseFunction | undefined {
  if (name === 'none') return undefined
  const { value } = activationOf(name)
  const channels = channelsOf(inputs[0])
  const parameter: Tensor1D | undefined = leavesOf(value).has('parameter')
    ? constant([channels], () => new Float32Array(channels).fill(slope))
    : undefined
  return (x) =>
    interpret<Operand>(
      value,
      (leaf) => (typeof leaf === 'number' ? leaf : leaf === 'parameter' && parameter ? parameter : x),
      (of, to) => applied(functions[of], to),
    ) as Tensor
}

/** `formulas` gave each function as many operands as it takes, which the type of a union cannot say. */
const applied = (apply: (...operands: never[]) => Tensor, operands: readonly Operand[]): Tensor =>
  apply(...(operands as never[]))

const builderOfActivation =
  (name: ActivationName): StepBuilder =>
  (context) => {
    const { parameter } = activationOf(name)
    const slope = Number(context.attributes[parameter?.name ?? ''] ?? 0)
    const activate = activationFunction({ name, slope }, context)
    return (inputs) => (activate ?? identity)(first(inputs))
  }

const identity: ElementwiseFunction = (x) => x.clone()

/** The activations as nodes of their own. */
export const activationBuilders = Object.fromEntries(
  activationNames.map((name) => [name, builderOfActivation(name)]),
) as Readonly<Record<ActivationName, StepBuilder>>
