import { activationNames } from '../../ir/ops/activation-names.ts'
import { elementsOf, type ElementKind } from '../elements.ts'
import type { TypedNode } from '../execution/types.ts'
import type { Graph } from '../../ir/graph.ts'
import { gateFilters } from './gates.ts'
import { linksOf, type Links } from './links.ts'
import { macsOf, shortcutFilters } from './shortcuts.ts'
import { strideSavings } from './strides.ts'

/** Work that some count and others do not. */
export interface Component {
  readonly name: ComponentName
  /** `macs`: part of the MACs, which may be left out; `fixed`: MACs beside them; `elements`: operations of another kind. */
  readonly of: 'macs' | 'fixed' | 'elements'
  readonly amount: number
  /** Where it is, largest first. */
  readonly layers: readonly { readonly path: string; readonly amount: number }[]
}

const elementGroups = ['bias', 'norms', 'activations', 'sums', 'pools'] as const
type ElementGroup = (typeof elementGroups)[number]

export type ComponentName =
  'head' | 'stem' | 'gates' | 'shortcuts' | 'early_strides' | 'fixed_filters' | ElementGroup

const kinds: Readonly<Record<ElementGroup, readonly ElementKind[]>> = {
  bias: ['bias'],
  norms: ['batch_norm', 'layer_norm'],
  activations: [...activationNames, 'softmax'],
  sums: ['add', 'mul', 'scale'],
  pools: ['max_pool', 'avg_pool', 'global_avg_pool'],
}

/** Those of a graph that amount to anything. */
export function componentsOf(graph: Graph): readonly Component[] {
  const links = linksOf(graph)
  const all = [
    ...macComponents(links),
    component('fixed_filters', 'fixed', links.nodes, fixedMacsOf),
    ...elementGroups.map((name) =>
      component(name, 'elements', links.nodes, (typed) => elementSum(typed, kinds[name])),
    ),
  ]
  return all.filter(({ amount }) => amount > 0)
}

function macComponents(links: Links): Component[] {
  const inPart = (kind: string) => links.nodes.filter(({ node }) => node.provenance.part === kind)
  const savings = strideSavings(links)
  return [
    component('head', 'macs', inPart('head'), macsOf),
    component('stem', 'macs', inPart('stem'), macsOf),
    component('gates', 'macs', gateFilters(links), macsOf),
    component('shortcuts', 'macs', shortcutFilters(links), macsOf),
    component('early_strides', 'macs', [...savings.keys()], (typed) => savings.get(typed) ?? 0),
  ]
}

function component(
  name: ComponentName,
  of: Component['of'],
  nodes: readonly TypedNode[],
  amountOf: (typed: TypedNode) => number,
): Component {
  const layers = nodes
    .map((typed) => ({ path: typed.node.path, amount: amountOf(typed) }))
    .filter(({ amount }) => amount > 0)
    .sort((a, b) => b.amount - a.amount)
  return { name, of, amount: layers.reduce((sum, { amount }) => sum + amount, 0), layers }
}

const fixedMacsOf = ({ cost }: TypedNode): number => cost.inference.fixedMacs

function elementSum(typed: TypedNode, wanted: readonly ElementKind[]): number {
  const counts = elementsOf(typed)
  return wanted.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0)
}
