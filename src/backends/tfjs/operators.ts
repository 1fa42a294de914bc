import type { AttributesOf, OpName } from '../../ir/ops/index.ts'
import { activationBuilders } from './operators/activations.ts'
import { arithmeticBuilders } from './operators/arithmetic.ts'
import { filterBuilders } from './operators/filters.ts'
import { normBuilders } from './operators/norms.ts'
import { poolBuilders } from './operators/pools.ts'
import { rearrangementBuilders } from './operators/rearrangements.ts'
import type { StepBuilder } from './step.ts'

/** The forward pass of every operator; one that is missing here does not compile. */
const builders: { readonly [N in OpName]: StepBuilder<AttributesOf<N>> } = {
  ...filterBuilders,
  ...normBuilders,
  ...activationBuilders,
  ...arithmeticBuilders,
  ...poolBuilders,
  ...rearrangementBuilders,
}

/** A node's attributes are its own operator's (`infer` refuses others), which the type of a union cannot say. */
export const builderOf = (op: OpName): StepBuilder => builders[op] as StepBuilder
