import { activationNames } from '../../../ir/ops/activation-names.ts'
import { operatorOf, type AttributesOf, type OpName } from '../../../ir/ops/index.ts'
import type { Lowering } from '../site.ts'
import { blurPool, conv, linear, partialConv } from './filters.ts'
import { abn, activation, add, concat, dropped, mul, pass, reduced, scale, softmax } from './pointwise.ts'
import { reshape, sections } from './views.ts'

const activations: { readonly [N in OpName]?: Lowering } = Object.fromEntries(
  activationNames.map((name) => [name, activation(name)]),
)

/** What is not one call that reads its inputs and makes its results, as the operator's cost has them. */
const special: { readonly [N in OpName]?: Lowering<AttributesOf<N>> } = {
  ...activations,
  abn,
  add,
  blur_pool: blurPool,
  concat,
  conv,
  drop_path: dropped,
  dropout: dropped,
  flatten: reshape,
  layer_norm: reduced,
  linear,
  mul,
  partial_conv: partialConv,
  reshape,
  scale,
  slice: sections,
  softmax,
  split: sections,
  upsample: reduced,
}

/** A node's attributes are its own operator's (`infer` refuses others), which the type of a union cannot say. */
export function loweringOf(op: OpName): Lowering {
  const own = special[op] as Lowering | undefined
  if (own !== undefined) return own
  const { work } = operatorOf(op)
  if (work === 'filter' || work === 'view') throw new Error(`it is not known how ${op} uses memory`)
  return pass
}
