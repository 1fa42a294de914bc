import { totalElements } from '../../../ir/ops/cost.ts'
import { operatorOf } from '../../../ir/ops/index.ts'
import type { WorkKind } from '../../../ir/ops/definition.ts'
import type { ExecutionOptions } from '../kernel.ts'
import type { TypedNode } from '../types.ts'

/**
 * What a fusing compiler makes of an operator:
 * - `head`: starts a kernel, in whose end others may be done
 * - `pointwise`: can be done where its input is made, element by element
 * - `reduction`: can be done where its input is made, and ends that kernel
 * - `view`: no work
 */
export type Role = 'head' | 'pointwise' | 'reduction' | 'view'

const roles: Readonly<Record<WorkKind, Role>> = {
  filter: 'head',
  pointwise: 'pointwise',
  norm: 'pointwise',
  pool: 'head',
  reduction: 'reduction',
  copy: 'head',
  view: 'view',
}

/** In training a batch norm needs the statistics of the whole batch first: it starts a kernel of its own. */
export function roleOf({ node, inputs, outputs }: TypedNode, { mode }: ExecutionOptions): Role {
  const { work, trainingOnly, isNorm } = operatorOf(node.op)
  if (mode === 'inference' && trainingOnly === true) return 'view'
  if (mode === 'training' && isNorm === true) return 'head'
  // Softmax keeps the shape: others may follow it.
  if (work === 'reduction' && totalElements(outputs) === totalElements(inputs)) return 'pointwise'
  return roles[work]
}
