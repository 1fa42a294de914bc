import type { ValueId } from '../../ir/graph.ts'
import type { TypedNode } from '../execution/types.ts'
import type { Links } from './links.ts'

/** The convolutions and linear layers that make gates of global means, outside of the head: channel attention's. */
export function gateFilters({ nodes }: Links): readonly TypedNode[] {
  const pooled = new Set<ValueId>()
  return nodes.filter(({ node }) => {
    if (node.provenance.part === 'head') return false
    const fromMeans = node.op === 'global_avg_pool' || node.inputs.every((id) => pooled.has(id))
    if (fromMeans) for (const id of node.outputs) pooled.add(id)
    return fromMeans && (node.op === 'conv' || node.op === 'linear')
  })
}
