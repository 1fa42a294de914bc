import type { AttributesOf, OpName } from '../../ir/ops/index.ts'
import { activations } from './activations.ts'
import { add, mul, scale, softmax } from './arithmetic.ts'
import { mapValues } from './array.ts'
import { conv, linear, partialConv } from './filters.ts'
import { abn, batchNorm, layerNorm } from './norms.ts'
import type { Oracle } from './oracle.ts'
import { avgPool, blurPool, globalAvgPool, maxPool } from './pools.ts'
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
} from './shapes.ts'

const activation =
  (name: keyof typeof activations): Oracle =>
  ({ x, attributes }) => {
    const { slope } = attributes
    return mapValues(x, (value) => activations[name](value, typeof slope === 'number' ? slope : 0))
  }

const oracles: { readonly [N in OpName]: Oracle<AttributesOf<N>> } = {
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
  gelu: activation('gelu'),
  global_avg_pool: globalAvgPool,
  hard_sigmoid: activation('hard_sigmoid'),
  hard_swish: activation('hard_swish'),
  layer_norm: layerNorm,
  leaky_relu: activation('leaky_relu'),
  linear,
  max_pool: maxPool,
  mul,
  pad,
  partial_conv: partialConv,
  relu: activation('relu'),
  relu6: activation('relu6'),
  reshape,
  scale,
  sigmoid: activation('sigmoid'),
  silu: activation('silu'),
  slice,
  softmax,
  space_to_depth: spaceToDepth,
  split,
  tanh: activation('tanh'),
  upsample,
}

/** As for every backend: a node's attributes are its own operator's. */
export const oracleOf = (op: OpName): Oracle => oracles[op] as Oracle
