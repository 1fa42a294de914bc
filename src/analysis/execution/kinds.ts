import type { OpName } from '../../ir/ops/index.ts'
import type { Pair } from '../../ir/ops/geometry.ts'
import type { Filter, KernelKind } from './kernel.ts'
import type { TypedNode } from './types.ts'

/** The kind of the kernel that does an operator's own work; filters depend on their groups. */
export const kinds: Readonly<Record<OpName, KernelKind | 'filter' | 'view'>> = {
  abn: 'norm',
  add: 'pointwise',
  avg_pool: 'pool',
  batch_norm: 'norm',
  blur_pool: 'filter',
  channel_shuffle: 'copy',
  concat: 'copy',
  conv: 'filter',
  depth_to_space: 'copy',
  drop_path: 'pointwise',
  dropout: 'pointwise',
  flatten: 'view',
  gelu: 'pointwise',
  global_avg_pool: 'reduction',
  hard_sigmoid: 'pointwise',
  hard_swish: 'pointwise',
  layer_norm: 'norm',
  leaky_relu: 'pointwise',
  linear: 'filter',
  max_pool: 'pool',
  mul: 'pointwise',
  pad: 'copy',
  partial_conv: 'filter',
  relu: 'pointwise',
  relu6: 'pointwise',
  reshape: 'view',
  scale: 'pointwise',
  sigmoid: 'pointwise',
  silu: 'pointwise',
  slice: 'view',
  softmax: 'reduction',
  space_to_depth: 'copy',
  split: 'view',
  tanh: 'pointwise',
  upsample: 'pointwise',
}

/** The kind of a node's main kernel, and the filter's figures where it has one. Views count as copies: backward they may be. */
export function kindOfNode(typed: TypedNode): { readonly kind: KernelKind; readonly filter?: Filter } {
  const kind = kinds[typed.node.op]
  if (kind === 'view') return { kind: 'copy' }
  if (kind !== 'filter') return { kind }
  const filter = filterOf(typed)
  return { kind: filterKind(filter), filter }
}

/** What a filter's efficiency depends on; undefined figures are 1, as of a linear layer. */
function filterOf({ node, inputs, outputs }: TypedNode): Filter {
  const { groups = 1, kernel = [1, 1], stride = [1, 1] } = node.attributes as Figures
  const inChannels = inputs[0]?.shape[0] ?? 1
  if (node.op === 'blur_pool')
    return { inChannels, outChannels: inChannels, groups: inChannels, kernel: [3, 3], stride }
  if (node.op === 'partial_conv') {
    const { channels = inChannels } = node.attributes as Figures
    return { inChannels: channels, outChannels: channels, groups, kernel, stride }
  }
  return { inChannels, outChannels: outputs[0]?.shape[0] ?? 1, groups, kernel, stride }
}

interface Figures {
  readonly groups?: number
  readonly channels?: number
  readonly kernel?: Pair
  readonly stride?: Pair
}

export function filterKind({ groups, inChannels }: Filter): KernelKind {
  if (groups === 1) return 'dense'
  return groups === inChannels ? 'depthwise' : 'grouped'
}
