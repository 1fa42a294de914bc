import { operatorOf } from '../../ir/ops/index.ts'
import type { Pair } from '../../ir/ops/geometry.ts'
import type { Filter, KernelKind } from './kernel.ts'
import type { TypedNode } from './types.ts'

/** The kind of a node's main kernel, and the filter's figures where it has one. Views count as copies: backward they may be. */
export function kindOfNode(typed: TypedNode): { readonly kind: KernelKind; readonly filter?: Filter } {
  const kind = operatorOf(typed.node.op).work
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
