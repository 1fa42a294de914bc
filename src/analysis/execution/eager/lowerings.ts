import type { Attributes } from '../../../ir/ops/definition.ts'
import { operatorOf, type AttributesOf, type OpName } from '../../../ir/ops/index.ts'
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

/** What is not one kernel that reads its inputs and writes its results, as the operator's cost has them. */
const special: { readonly [N in OpName]?: Lowering<AttributesOf<N>> } = {
  abn,
  add: chained('add'),
  blur_pool: blurPool,
  conv,
  drop_path: dropped,
  dropout: dropped,
  flatten: reshape,
  layer_norm: layerNorm,
  linear,
  mul: chained('mul'),
  partial_conv: partialConv,
  reshape,
  scale,
  slice: parts,
  softmax,
  split: parts,
  upsample: reduced('upsample', 'pointwise'),
}

/**
 * A filter's efficiency depends on its shape, so that each has a lowering of its own. A node's attributes are its own
 * operator's (`infer` refuses others), which the type of a union cannot say.
 */
export function loweringOf(op: OpName): Lowering {
  const own = special[op] as Lowering | undefined
  if (own !== undefined) return own
  const { work } = operatorOf(op)
  if (work === 'filter' || work === 'view') throw new Error(`${op} has no lowering for eager execution`)
  return pass(op, work)
}
