import type { Code, FactsOf } from '../../diagnostics/catalogue/index.ts'
import type { TensorType } from '../tensor-type.ts'

export type AttributeValue = number | boolean | string | readonly number[]

/** Names of a node's parameters; they are also the last part of a parameter's path, as in PyTorch. */
export type ParameterRole = 'weight' | 'bias' | 'running_mean' | 'running_var'

/** Types of arguments that an operator takes in `.arch`; `size` is an int or a list of two (height, width). */
export type ArgumentType = 'int' | 'int[]' | 'float' | 'bool' | 'string' | 'size' | 'padding' | 'activation'

/** A parameterised activation, e.g. `leaky_relu(1e-3)`; `none` is the identity. */
export interface ActivationValue {
  readonly name: string
  readonly attributes: Readonly<Record<string, AttributeValue>>
}

export type ArgumentValue = AttributeValue | ActivationValue

/** Arguments after defaults were filled in and types checked; an optional one may be absent. */
export type ArgumentValues = Readonly<Record<string, ArgumentValue | undefined>>

/** A parameter of an operator as `.arch` sees it. */
export interface ArgumentDefinition {
  readonly name: string
  readonly type: ArgumentType
  /** Absent: the argument must be given, unless `optional`. */
  readonly default?: ArgumentValue
  readonly optional?: boolean
  /** One line, shown in the reference and on hover. */
  readonly doc: string
}

/** A rule of an operator that its use breaks; the elaborator adds the place and the chain that led there. */
export interface Problem<C extends Code = Code> {
  readonly problem: C
  readonly facts: FactsOf<C>
  /** The argument or input to point at; absent: the whole call. */
  readonly blame?: { readonly argument: string } | { readonly input: number }
}

export const problem = <C extends Code>(
  code: C,
  facts: FactsOf<C>,
  blame?: { readonly argument: string } | { readonly input: number },
): Problem<C> => ({ problem: code, facts, ...(blame === undefined ? {} : { blame }) })

export const isProblem = (value: object): value is Problem => 'problem' in value

/** A constant, or the scheme that `metadata(init: ...)` names, with the fans it needs. */
export type Initial =
  | { readonly kind: 'constant'; readonly value: number }
  | {
      readonly kind: 'scheme'
      readonly of: 'conv' | 'linear'
      readonly fanIn: number
      readonly fanOut: number
      readonly groups: number
    }

export interface ParameterDefinition {
  readonly role: ParameterRole
  readonly shape: readonly number[]
  readonly trainable: boolean
  readonly initial: Initial
}

/**
 * What one operator costs for one image: work and elements moved, whatever their data type. It is the operator's own,
 * done in one pass over memory; engines add what they need besides (casts, copies, passes of their own). Reads of
 * parameters are not in it: their sizes follow from `parameters`.
 */
export interface Cost {
  readonly inference: Forward
  /** The forward pass in training, which keeps more and may compute more (statistics of the batch). */
  readonly training: Forward
  readonly backward: Backward
  readonly saves: Saves
}

/**
 * What sort of work an operator is, which decides how engines go about it:
 * - `filter`: a convolution or matrix product
 * - `pointwise`: each element of the result from the elements at its place
 * - `norm`: the same, after statistics
 * - `pool`: each element of the result from a window
 * - `reduction`: from whole maps or vectors
 * - `copy`: elements go elsewhere
 * - `view`: the same elements, looked at in another way
 */
export type WorkKind = 'filter' | 'pointwise' | 'norm' | 'pool' | 'reduction' | 'copy' | 'view'

interface Work {
  /** Multiply-accumulates of learned filters; bias is not counted. */
  readonly macs: number
  /** Multiply-accumulates of filters that are not learned (blur). */
  readonly fixedMacs: number
  /** Every other elementary operation: each +, -, *, /, comparison, exp, erf, sqrt counts one. */
  readonly arithmetic: number
}

export interface Forward extends Work {
  /** Elements read of each input and written of each output; 0 where it is only looked at in another way. */
  readonly reads: readonly number[]
  readonly writes: readonly number[]
  /** Positions written beside the outputs, 8 bytes each. */
  readonly indices: number
}

export interface Backward extends Work {
  /** Elements read: gradients of the outputs, and what was kept. */
  readonly read: number
  /** Elements written: gradients of the inputs. Those of parameters have the parameters' sizes. */
  readonly written: number
  /** Positions read, 8 bytes each. */
  readonly indices: number
}

/** What has to stay in memory from the forward to the backward pass. */
export interface Saves {
  /** Positions of the inputs and outputs that are kept. */
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  /** Numbers a batch (not an image) in fp32: means and deviations. */
  readonly statistics: number
  /** Positions, 8 bytes each. */
  readonly indices: number
  /** Booleans, a byte each. */
  readonly mask: number
}

/** One spelling of an operator in `.arch`; most operators have exactly one. */
export interface Spelling<A extends Attributes> {
  readonly name: string
  readonly doc: string
  readonly arguments: readonly ArgumentDefinition[]
  /** Resolves defaults that depend on the inputs into explicit attributes (geometry above all). */
  readonly attributes: (given: ArgumentValues, inputs: readonly TensorType[]) => A | Problem
}

export type Attributes = Readonly<Record<string, AttributeValue>>

/**
 * What the counting tools of `src/analysis/conventions` know of an operator:
 * - `rules`: at least one has a rule for it, and each convention says what it counts
 * - `none`: no tool has a rule for it, so that all count 0
 * - `parts`: it counts as the operators that it is made of
 */
export type Counters = 'rules' | 'none' | 'parts'

/** The chapters of docs/operators.md, in their order. */
export const chapters = [
  'Learned layers',
  'Normalisation',
  'Activations',
  'Pooling and resampling',
  'Moving pixels and channels',
  'Combining tensors',
  'Training only',
] as const

/** What the reference says of an operator beyond its doc and its arguments. */
export interface ReferenceEntry {
  readonly chapter: (typeof chapters)[number]
  /** The shape rule, in words. */
  readonly result: string
  /** For each spelling an input and a statement over `x`; the reference says what they give. */
  readonly examples: Readonly<Record<string, readonly [input: string, call: string]>>
}

/**
 * All there is to know of one primitive operator. `A` holds explicit attributes only: nothing in it depends on
 * a convention of a framework. Padding is [top, right, bottom, left].
 */
export interface OpDefinition<A extends Attributes = Attributes> {
  readonly name: string
  readonly doc: string
  readonly work: WorkKind
  readonly counters: Counters
  readonly reference: ReferenceEntry
  /** How many tensors it takes. */
  readonly inputs: { readonly min: number; readonly max: number }
  readonly spellings: readonly Spelling<A>[]
  /** JSON Schema of the attributes. */
  readonly schema: Readonly<Record<string, unknown>>
  /** Output types, or the rule that is broken. Inference and verification are one function. */
  readonly infer: (attributes: A, inputs: readonly TensorType[]) => readonly TensorType[] | Problem
  readonly parameters?: (attributes: A, inputs: readonly TensorType[]) => readonly ParameterDefinition[]
  readonly cost: (attributes: A, inputs: readonly TensorType[], outputs: readonly TensorType[]) => Cost
  /** True where the operator with these attributes is the identity: no node is made. */
  readonly isIdentity?: (attributes: A) => boolean
  /** Where `bias` was not given, the elaborator drops it again if a norm follows in the pipeline. */
  readonly deferredBias?: true
  /** A normalisation: a convolution that is followed by norms alone needs no bias. */
  readonly isNorm?: boolean
  /** A constant per channel added before it is one added after it (concat, pools): norms see through it. */
  readonly keepsChannelConstants?: boolean
  /** Usable as an activation value (`abn(leaky_relu(1e-3))`). */
  readonly isActivation?: boolean
  /** Whether it acts in training only and passes its input through otherwise. */
  readonly trainingOnly?: boolean
}
