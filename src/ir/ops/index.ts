import type { Attributes, OpDefinition, Spelling } from './definition.ts'
import { abn, batchNorm, layerNorm } from './norms.ts'
import { add, mul, scale, softmax } from './arithmetic.ts'
import { avgPool, blurPool, globalAvgPool, maxPool } from './pools.ts'
import {
  channelShuffle,
  concat,
  depthToSpace,
  flatten,
  pad,
  reshape,
  slice,
  spaceToDepth,
  split,
  upsample,
} from './rearrangements.ts'
import { conv, linear, partialConv } from './filters.ts'
import { dropPath, dropout } from './regularisation.ts'
import {
  gelu,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  relu,
  relu6,
  sigmoid,
  silu,
  tanh,
} from './activation-operators.ts'

/** Every primitive operator, by the name that the IR gives it. */
const operators = {
  abn,
  add,
  avg_pool: avgPool,
  batch_norm: batchNorm,
  blur_pool: blurPool,
  channel_shuffle: channelShuffle,
  concat,
  conv,
  depth_to_space: depthToSpace,
  drop_path: dropPath,
  dropout,
  flatten,
  gelu,
  global_avg_pool: globalAvgPool,
  hard_sigmoid: hardSigmoid,
  hard_swish: hardSwish,
  layer_norm: layerNorm,
  leaky_relu: leakyRelu,
  linear,
  max_pool: maxPool,
  mul,
  pad,
  partial_conv: partialConv,
  relu,
  relu6,
  reshape,
  scale,
  sigmoid,
  silu,
  slice,
  softmax,
  space_to_depth: spaceToDepth,
  split,
  tanh,
  upsample,
} as const

export type OpName = keyof typeof operators

/** Attributes of one operator, as backends read them. */
export type AttributesOf<N extends OpName> = (typeof operators)[N] extends OpDefinition<infer A> ? A : never

export const opNames = Object.keys(operators).filter((name): name is OpName => name in operators)

export const isOpName = (name: string): name is OpName => Object.hasOwn(operators, name)

/**
 * The record of an operator whose name is known at run time only. The attributes of a node are its own
 * operator's: spellings make them, and `infer` refuses others before it reads them.
 */
export const operatorOf = (name: OpName): OpDefinition => operators[name] as unknown as OpDefinition

/** What `.arch` calls operators: the name there, the operator, and how arguments become attributes. */
export const spellings: ReadonlyMap<
  string,
  { readonly op: OpName; readonly spelling: Spelling<Attributes> }
> = new Map(
  opNames.flatMap((op) =>
    operatorOf(op).spellings.map((spelling) => [spelling.name, { op, spelling }] as const),
  ),
)
