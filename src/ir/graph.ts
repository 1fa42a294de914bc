import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import type { Location } from '../source/span.ts'
import { type OpName, operatorOf } from './ops/index.ts'
import type { DerivationName } from './derivations.ts'
import type { Attributes, AttributeValue, Initial, ParameterRole } from './ops/definition.ts'
import type { TensorType } from './tensor-type.ts'

/** Index into `Graph.values`. */
export type ValueId = number

/**
 * A network as a typed graph in SSA form: each value is defined once (by the graph's input, a parameter or a
 * node) and before its uses. Plain data: `json.ts` writes and reads it without loss.
 */
export interface Graph {
  readonly name: string
  /** Who wrote what: the `///` text of the network. */
  readonly doc?: string
  readonly metadata: NetworkMetadata
  readonly values: readonly Value[]
  readonly inputs: readonly ValueId[]
  readonly outputs: readonly ValueId[]
  readonly parameters: readonly Parameter[]
  /** Parameters that are computed from others, each after those that it reads. */
  readonly derived: readonly DerivedParameter[]
  /** In the order of execution. */
  readonly nodes: readonly Node[]
  /** Stem, stages and head, in the order of execution. */
  readonly parts: readonly Part[]
  /** Paths of the operators of the source that were left out, because no output depends on them. */
  readonly leftOut?: readonly string[]
}

export interface Value {
  readonly id: ValueId
  readonly type: TensorType
}

/**
 * A learned tensor, or a running statistic (`trainable: false`): what a checkpoint has an entry for. Several nodes may use
 * one, and derived parameters may.
 */
export interface Parameter {
  readonly value: ValueId
  /** Path and role of the node that it was made for: `layer1.0.conv1.weight`. */
  readonly name: string
  readonly role: ParameterRole
  readonly trainable: boolean
  /** What a fresh network starts with. */
  readonly initial: Initial
}

/**
 * A parameter that is computed from others before the network runs, as the weights of a convolution with a batch norm folded
 * into them. It has no entry in a checkpoint. `derivations.ts` has the operations.
 */
export interface DerivedParameter {
  readonly value: ValueId
  readonly operation: DerivationName
  /** Parameters, or derived parameters that come before this one. */
  readonly inputs: readonly ValueId[]
  readonly attributes: Attributes
}

/** One application of an operator. */
export interface Node {
  readonly op: OpName
  /** Dotted path, unique in the graph: `layer1.0.conv1`. */
  readonly path: string
  readonly attributes: Readonly<Record<string, AttributeValue>>
  readonly inputs: readonly ValueId[]
  /** Parameters or derived parameters. */
  readonly parameters: Readonly<Partial<Record<ParameterRole, ValueId>>>
  readonly outputs: readonly ValueId[]
  readonly provenance: Provenance
}

/** Where a node comes from. */
export interface Provenance {
  readonly location: Location
  /** Name of the part it belongs to, if any. */
  readonly part?: string
  /** 0-based index of the repetition within its stage. */
  readonly repetition?: number
  /** The chain of block calls that led here, outermost first; `location` is where the block is called. */
  readonly blocks: readonly { readonly name: string; readonly location: Location }[]
}

export interface Part {
  readonly kind: 'stem' | 'stage' | 'head'
  readonly name: string
  /** What the part hands on; the first, where it is several tensors. */
  readonly output: ValueId
  /** The other tensors that it hands on, as networks of several resolutions do. */
  readonly others?: readonly ValueId[]
  readonly location: Location
}

/** How pictures become inputs, and how parameters start and are named elsewhere. All have defaults. */
export interface NetworkMetadata {
  /** Per channel, for values in 0..1. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
  /**
   * Size in pixels before the centre crop to the input's size: of the shorter side, the longer one in proportion, or
   * [height, width] that the picture has to cover.
   */
  readonly resize: number | readonly [height: number, width: number]
  readonly interpolation: 'bilinear' | 'bicubic'
  readonly labels?: string
  /** Name of the map from official parameter names, a file of `specs/names/` or beside the spec. */
  readonly names?: string
  readonly convInit: InitScheme
  readonly linearInit: InitScheme
  /** Citation. */
  readonly paper?: string
}

/** How fresh weights are drawn. */
export type InitScheme =
  /** std = sqrt(2 / fan_out) (He et al. 2015), the fan counted as PyTorch does. */
  | { readonly kind: 'kaiming_normal' }
  /** The same with the outputs of one group only, as TensorFlow's EfficientNet and MobileNets do. */
  | { readonly kind: 'kaiming_normal_grouped' }
  /** Between ±1 / sqrt(fan_in), what PyTorch's layers start with on their own. */
  | { readonly kind: 'uniform' }
  | { readonly kind: 'normal'; readonly std: number }
  /** Cut off at ±2, an absolute bound, as PyTorch's `trunc_normal_`. */
  | { readonly kind: 'truncated_normal'; readonly std: number }

/**
 * Graphs may hold other dtypes, as passes leave them; what runs or prices a graph takes float32 so far.
 * @throws DiagnosticError E0816
 */
export function refuseOtherDtypes({ name, values, parts }: Graph): void {
  const other = values.find(({ type }) => type.dtype !== 'float32')
  if (other === undefined) return
  const path = parts[0]?.location.file ?? name
  throw new DiagnosticError([diagnose('E0816', { path }, { network: name, dtype: other.type.dtype })])
}

/** A node's attributes in the order in which its operator declares them, whoever made the node. */
export function attributeEntries({
  op,
  attributes,
}: Pick<Node, 'op' | 'attributes'>): [string, AttributeValue][] {
  const { properties } = operatorOf(op).schema
  const declared = Object.keys(typeof properties === 'object' && properties !== null ? properties : {})
  const others = Object.keys(attributes).filter((name) => !declared.includes(name))
  return [...declared, ...others].flatMap((name): [string, AttributeValue][] => {
    const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined
    return value === undefined ? [] : [[name, value]]
  })
}

/** [C, H, W] of what the network takes. */
export function inputShape(graph: Graph): readonly number[] {
  const [input] = graph.inputs
  return input === undefined ? [] : (graph.values[input]?.type.shape ?? [])
}
