import type { AttributesOf, OpName } from '../../ir/ops/index.ts'
import type { Kernel } from './kernel.ts'
import { activations } from './kernels/activations.ts'
import { add, linear, mul, scale, softmax } from './kernels/arithmetic.ts'
import { conv, partialConv } from './kernels/conv.ts'
import { abn, batchNorm, layerNorm } from './kernels/norm.ts'
import { avgPool, blurPool, globalAvgPool, maxPool } from './kernels/pool.ts'
import {
  channelShuffle,
  concat,
  depthToSpace,
  identity,
  pad,
  reshape,
  slice,
  spaceToDepth,
  split,
  upsample,
} from './kernels/shape.ts'

/** Forward pass of every operator; one that is missing here does not compile. */
const kernels: { readonly [N in OpName]: Kernel<AttributesOf<N>> } = {
  ...activations,
  abn,
  add,
  avg_pool: avgPool,
  batch_norm: batchNorm,
  blur_pool: blurPool,
  channel_shuffle: channelShuffle,
  concat,
  conv,
  depth_to_space: depthToSpace,
  drop_path: identity,
  dropout: identity,
  flatten: reshape,
  global_avg_pool: globalAvgPool,
  layer_norm: layerNorm,
  linear,
  max_pool: maxPool,
  mul,
  pad,
  partial_conv: partialConv,
  reshape,
  scale,
  slice,
  softmax,
  space_to_depth: spaceToDepth,
  split,
  upsample,
}

/** A node's attributes are its own operator's (`infer` refuses others), which the type of a union cannot say. */
export const kernelOf = (op: OpName): Kernel => kernels[op] as Kernel
