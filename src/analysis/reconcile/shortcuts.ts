import type { TypedNode } from '../execution/types.ts'
import { chainTo, type Links } from './links.ts'

/** Longest residual branch that is followed back, in operators. */
const LONGEST = 100

export const macsOf = ({ cost }: TypedNode): number => cost.inference.macs

/**
 * The convolutions on shortcuts: where two branches of one value are added, those of the branch that has fewer. Equal
 * branches (RepVGG's) have no shortcut among them.
 */
export function shortcutFilters(links: Links): readonly TypedNode[] {
  const found = new Set<TypedNode>()
  for (const { node } of links.nodes) {
    if (node.op !== 'add' || node.inputs.length !== 2) continue
    const [one = [], other = []] = node.inputs.map((id) => chainTo(id, links, LONGEST))
    const a = filtersBefore(one, other)
    const b = filtersBefore(other, one)
    if (a.length !== b.length) for (const filter of a.length < b.length ? a : b) found.add(filter)
  }
  return links.nodes.filter((node) => found.has(node))
}

/** Those of a branch up to where it left the other. */
function filtersBefore(branch: readonly TypedNode[], other: readonly TypedNode[]): TypedNode[] {
  const shared = new Set(other)
  const fork = branch.findIndex((node) => shared.has(node))
  const own = fork < 0 ? branch : branch.slice(0, fork)
  return own.filter((node) => macsOf(node) > 0)
}
