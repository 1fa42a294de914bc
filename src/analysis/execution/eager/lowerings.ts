import type { ActivationName } from '../../../ir/ops/activation-names.ts'
import { activationNames } from '../../../ir/ops/activation-names.ts'
import type { Attributes } from '../../../ir/ops/definition.ts'
import type { AttributesOf, OpName } from '../../../ir/ops/index.ts'
import { conv, linear, partialConv } from './filters.ts'
import {
  abn,
  blurPool,
  chained,
  dropped,
  layerNorm,
  parts,
  pass,
  reduced,
  reshape,
  scale,
  softmax,
} from './others.ts'
import type { Site } from './site.ts'

/** Appends the kernels that PyTorch launches for a node, and notes how its results are kept. */
export type Lowering<A extends Attributes = Attributes> = (site: Site<A>) => void

const activations = Object.fromEntries(
  activationNames.map((name) => [name, pass(name, 'pointwise')]),
) as Readonly<Record<ActivationName, Lowering>>

/** Every operator as eager PyTorch runs it; one that is missing here does not compile. */
const lowerings: { readonly [N in OpName]: Lowering<AttributesOf<N>> } = {
  ...activations,
  abn,
  add: chained('add'),
  avg_pool: pass('avg_pool', 'pool'),
  batch_norm: pass('batch_norm', 'norm'),
  blur_pool: blurPool,
  channel_shuffle: pass('channel_shuffle', 'copy'),
  concat: pass('concat', 'copy'),
  conv,
  depth_to_space: pass('depth_to_space', 'copy'),
  drop_path: dropped,
  dropout: dropped,
  flatten: reshape,
  // No operator of autocast's lists: a mean runs in the type of its input.
  global_avg_pool: pass('mean', 'reduction'),
  layer_norm: layerNorm,
  linear,
  max_pool: pass('max_pool', 'pool'),
  mul: chained('mul'),
  pad: pass('pad', 'copy'),
  partial_conv: partialConv,
  reshape,
  scale,
  slice: parts,
  softmax,
  space_to_depth: pass('space_to_depth', 'copy'),
  split: parts,
  upsample: reduced('upsample', 'pointwise'),
}

/** A node's attributes are its own operator's (`infer` refuses others), which the type of a union cannot say. */
export const loweringOf = (op: OpName): Lowering => lowerings[op] as Lowering
