import { activationNames, type ActivationName } from '../../../ir/ops/activation-names.ts'
import type { AttributesOf, OpName } from '../../../ir/ops/index.ts'
import type { Lowering } from '../site.ts'
import { blurPool, conv, linear, partialConv } from './filters.ts'
import { abn, activation, add, concat, dropped, mul, pass, reduced, scale, softmax } from './pointwise.ts'
import { reshape, sections } from './views.ts'

const activations = Object.fromEntries(
  activationNames.map((name) => [name, activation(name)]),
) as unknown as Readonly<Record<ActivationName, Lowering>>

/** Every operator as eager PyTorch uses memory for it; one that is missing here does not compile. */
const lowerings: { readonly [N in OpName]: Lowering<AttributesOf<N>> } = {
  ...activations,
  abn,
  add,
  avg_pool: pass,
  batch_norm: pass,
  blur_pool: blurPool,
  channel_shuffle: pass,
  concat,
  conv,
  depth_to_space: pass,
  drop_path: dropped,
  dropout: dropped,
  flatten: reshape,
  global_avg_pool: pass,
  layer_norm: reduced,
  linear,
  max_pool: pass,
  mul,
  pad: pass,
  partial_conv: partialConv,
  reshape,
  scale,
  slice: sections,
  softmax,
  space_to_depth: pass,
  split: sections,
  upsample: reduced,
}

/** A node's attributes are its own operator's (`infer` refuses others), which the type of a union cannot say. */
export const loweringOf = (op: OpName): Lowering => lowerings[op] as Lowering
