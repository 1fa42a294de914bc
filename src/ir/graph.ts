import type { Location } from '../source/span.ts'
import { type OpName, operatorOf } from './ops/index.ts'
import type { AttributeValue, Initial, ParameterRole } from './ops/definition.ts'
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
  /** In the order of execution. */
  readonly nodes: readonly Node[]
  /** Stem, stages and head, in the order of execution. */
  readonly parts: readonly Part[]
}

export interface Value {
  readonly id: ValueId
  readonly type: TensorType
}

/** A learned tensor, or a running statistic (`trainable: false`). */
export interface Parameter {
  readonly value: ValueId
  /** Path and role: `layer1.0.conv1.weight`. */
  readonly name: string
  readonly role: ParameterRole
  readonly trainable: boolean
  /** What a fresh network starts with. */
  readonly initial: Initial
}

/** One application of an operator. */
export interface Node {
  readonly op: OpName
  /** Dotted path, unique in the graph: `layer1.0.conv1`. */
  readonly path: string
  readonly attributes: Readonly<Record<string, AttributeValue>>
  readonly inputs: readonly ValueId[]
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
