import type { Attributes, OpDefinition, Spelling } from './definition.ts'
import { abn } from './abn.ts'
import { add } from './add.ts'
import { avgPool } from './avg-pool.ts'
import { batchNorm } from './batch-norm.ts'
import { blurPool } from './blur-pool.ts'
import { channelShuffle } from './channel-shuffle.ts'
import { concat } from './concat.ts'
import { conv } from './conv.ts'
import { depthToSpace } from './depth-to-space.ts'
import { dropPath } from './drop-path.ts'
import { dropout } from './dropout.ts'
import { flatten } from './flatten.ts'
import { gelu } from './gelu.ts'
import { globalAvgPool } from './global-avg-pool.ts'
import { hardSigmoid } from './hard-sigmoid.ts'
import { hardSwish } from './hard-swish.ts'
import { layerNorm } from './layer-norm.ts'
import { leakyRelu } from './leaky-relu.ts'
import { linear } from './linear.ts'
import { maxPool } from './max-pool.ts'
import { mul } from './mul.ts'
import { pad } from './pad.ts'
import { partialConv } from './partial-conv.ts'
import { relu } from './relu.ts'
import { relu6 } from './relu6.ts'
import { reshape } from './reshape.ts'
import { scale } from './scale.ts'
import { sigmoid } from './sigmoid.ts'
import { silu } from './silu.ts'
import { slice } from './slice.ts'
import { softmax } from './softmax.ts'
import { spaceToDepth } from './space-to-depth.ts'
import { split } from './split.ts'
import { tanh } from './tanh.ts'
import { upsample } from './upsample.ts'

/** Every primitive operator, by the name that the IR gives it. */
export const operators = {
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
