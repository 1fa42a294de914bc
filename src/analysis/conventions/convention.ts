import type { Attributes } from '../../ir/ops/definition.ts'
import {
  activationNames,
  activationOf,
  type Activation,
  type ActivationName,
} from '../../ir/ops/activations.ts'
import type { AttributesOf, CountedOpName } from '../../ir/ops/index.ts'

/** How a tool counts the work of a network for one image, at inference. */
export interface Convention {
  /** As `--convention` takes it. */
  readonly name: string
  /** With the version that was read and run. */
  readonly title: string
  /** What the tool calls its figure, whatever it counts. */
  readonly calls: 'MACs' | 'FLOPs'
  /** What a multiply-accumulate counts. */
  readonly mac: 1 | 2
  /** One line: what is in the figure. */
  readonly doc: string
  /** Where that can be read. */
  readonly source: string
  readonly rules: CountingRules
}

/**
 * What it counts for each operator that any tool has a rule for: `notCounted` where this one has none, so that nothing is
 * zero by omission. The rules are those of the plain module (`nn.AdaptiveAvgPool2d`, not `mean`): a network may be written
 * so that a tool does not see an operator.
 */
export type CountingRules = { readonly [N in CountedOpName]: CountingRule<AttributesOf<N>> }

export type CountingRule<A = unknown> = (facts: Facts<A>) => number

/** What rules read of an operator. */
export interface Facts<A = Attributes> {
  readonly attributes: A
  readonly macs: number
  /** Of filters that are not learned. */
  readonly fixedMacs: number
  /** Additions of a bias. */
  readonly bias: number
  /** Elements of the first input, and of all outputs. */
  readonly input: number
  readonly output: number
  /** Of the first input: elements of one channel. */
  readonly positions: number
}

/** Multiply-accumulates, each counting `each`. */
export const macs =
  (each: 1 | 2 = 1): CountingRule =>
  (facts) =>
    each * facts.macs

export const macsAndBias =
  (each: 1 | 2 = 1): CountingRule =>
  (facts) =>
    each * facts.macs + facts.bias

export const fixedMacs =
  (each: 1 | 2 = 1): CountingRule =>
  (facts) =>
    each * facts.fixedMacs

export const perInput =
  (each: number): CountingRule =>
  ({ input }) =>
    each * input

export const perOutput =
  (each: number): CountingRule =>
  ({ output }) =>
    each * output

/** The tool has no rule for the operator, and gives 0. */
export const notCounted: CountingRule = () => 0

/** What a tool counts for each element of an activation; 0 where it has no rule for it. */
export const activationsBy = (
  each: (row: Activation) => number,
): Readonly<Record<ActivationName, CountingRule>> =>
  Object.fromEntries(
    activationNames.map((name) => {
      const amount = each(activationOf(name))
      return [name, amount === 0 ? notCounted : perOutput(amount)]
    }),
  ) as Record<ActivationName, CountingRule>

/** Of a tool that knows no activation. */
export const noActivations = activationsBy(() => 0)
