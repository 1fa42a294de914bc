import type { OpName } from '../../../ir/ops/index.ts'
import type { ExecutionOptions } from '../kernel.ts'

/**
 * What a fusing compiler makes of an operator:
 * - `head`: starts a kernel, in whose end others may be done
 * - `pointwise`: can be done where its input is made, element by element
 * - `reduction`: can be done where its input is made, and ends that kernel
 * - `view`: no work
 */
export type Role = 'head' | 'pointwise' | 'reduction' | 'view'

const roles: Readonly<Record<OpName, Role>> = {
  abn: 'pointwise',
  add: 'pointwise',
  avg_pool: 'head',
  batch_norm: 'pointwise',
  blur_pool: 'head',
  channel_shuffle: 'head',
  concat: 'head',
  conv: 'head',
  depth_to_space: 'head',
  drop_path: 'pointwise',
  dropout: 'pointwise',
  flatten: 'view',
  gelu: 'pointwise',
  global_avg_pool: 'reduction',
  hard_sigmoid: 'pointwise',
  hard_swish: 'pointwise',
  layer_norm: 'pointwise',
  leaky_relu: 'pointwise',
  linear: 'head',
  max_pool: 'head',
  mul: 'pointwise',
  pad: 'head',
  partial_conv: 'head',
  relu: 'pointwise',
  relu6: 'pointwise',
  reshape: 'view',
  scale: 'pointwise',
  sigmoid: 'pointwise',
  silu: 'pointwise',
  slice: 'view',
  softmax: 'pointwise',
  space_to_depth: 'head',
  split: 'view',
  tanh: 'pointwise',
  upsample: 'pointwise',
}

/** In training a batch norm needs the statistics of the whole batch first: it starts a kernel of its own. */
export function roleOf(op: OpName, { mode }: ExecutionOptions): Role {
  if (mode === 'inference') return op === 'drop_path' || op === 'dropout' ? 'view' : roles[op]
  return op === 'abn' || op === 'batch_norm' ? 'head' : roles[op]
}
