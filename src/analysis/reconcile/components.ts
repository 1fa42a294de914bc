import type { ValueId } from '../../ir/graph.ts'
import type { GraphView, TypedNode } from '../../ir/view.ts'
import { sizesOf } from '../../ir/ops/tensors.ts'
import { activationNames } from '../../ir/ops/activations.ts'
import { elementsOf, type ElementKind } from '../elements.ts'

/** The nodes that lead to a value, last first, along first inputs: through a gate's product, not its gate. */
function chainTo(id: ValueId, view: GraphView, most: number): TypedNode[] {
  const chain: TypedNode[] = []
  let next = view.producerOf(id)
  while (next !== undefined && chain.length < most) {
    chain.push(next)
    next = view.producerOf(next.node.inputs[0] ?? -1)
  }
  return chain
}

/** The convolutions and linear layers that make gates of global means, outside of the head: channel attention's. */
function gateFilters({ nodes }: GraphView): readonly TypedNode[] {
  const pooled = new Set<ValueId>()
  return nodes.filter(({ node }) => {
    if (node.provenance.part === 'head') return false
    const fromMeans = node.op === 'global_avg_pool' || node.inputs.every((id) => pooled.has(id))
    if (fromMeans) for (const id of node.outputs) pooled.add(id)
    return fromMeans && (node.op === 'conv' || node.op === 'linear')
  })
}

/**
 * What a bottleneck saves by striding in its first 1x1 convolution, as He et al. 2015 (arXiv:1512.03385) have it, where
 * the network strides in the 3x3 behind it, as later code does: per 1x1 convolution, the MACs of the positions that the
 * stride would have left out. The strided convolution itself costs the same either way.
 */
function strideSavings(view: GraphView): ReadonlyMap<TypedNode, number> {
  const savings = new Map<TypedNode, number>()
  for (const typed of view.nodes) {
    if (!isPointwise(typed)) continue
    const strided = filterBehind(typed, view)
    if (strided === undefined || !isStrided(strided)) continue
    const positions = area(typed.outputs)
    savings.set(typed, (macsOf(typed) / positions) * (positions - area(strided.outputs)))
  }
  return savings
}

const isPointwise = ({ node: { op, attributes } }: TypedNode): boolean =>
  op === 'conv' && String(attributes['kernel']) === '1,1' && String(attributes['stride']) === '1,1'

/** Not a depthwise one: those of inverted bottlenecks stride behind a 1x1 convolution by design. */
const isStrided = ({ node: { op, attributes }, inputs }: TypedNode): boolean =>
  op === 'conv' &&
  String(attributes['kernel']) === '3,3' &&
  String(attributes['stride']) === '2,2' &&
  attributes['groups'] !== sizesOf(inputs).channels

/** The one convolution that reads a node's result, through norm and activation. */
function filterBehind(typed: TypedNode, view: GraphView): TypedNode | undefined {
  let next: TypedNode | undefined = typed
  for (let steps = 0; steps < 4; steps++) {
    const readers: readonly TypedNode[] = view.readersOf(next.node.outputs[0] ?? -1)
    next = readers.length === 1 ? readers[0] : undefined
    if (next === undefined || next.node.op === 'conv') return next
  }
  return undefined
}

const area = (outputs: TypedNode['outputs']): number => {
  const [height, width] = sizesOf(outputs).size
  return height * width
}

/** Longest residual branch that is followed back, in operators. */
const LONGEST = 100

const macsOf = ({ cost }: TypedNode): number => cost.inference.macs

/**
 * The convolutions on shortcuts: where two branches of one value are added, those of the branch that has fewer. Equal
 * branches (RepVGG's) have no shortcut among them.
 */
function shortcutFilters(view: GraphView): readonly TypedNode[] {
  const found = new Set<TypedNode>()
  for (const { node } of view.nodes) {
    if (node.op !== 'add' || node.inputs.length !== 2) continue
    const [one = [], other = []] = node.inputs.map((id) => chainTo(id, view, LONGEST))
    const a = filtersBefore(one, other)
    const b = filtersBefore(other, one)
    if (a.length !== b.length) for (const filter of a.length < b.length ? a : b) found.add(filter)
  }
  return view.nodes.filter((node) => found.has(node))
}

/** Those of a branch up to where it left the other. */
function filtersBefore(branch: readonly TypedNode[], other: readonly TypedNode[]): TypedNode[] {
  const shared = new Set(other)
  const fork = branch.findIndex((node) => shared.has(node))
  const own = fork < 0 ? branch : branch.slice(0, fork)
  return own.filter((node) => macsOf(node) > 0)
}

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
export function componentsOf(view: GraphView): readonly Component[] {
  const all = [
    ...macComponents(view),
    component('fixed_filters', 'fixed', view.nodes, fixedMacsOf),
    ...elementGroups.map((name) =>
      component(name, 'elements', view.nodes, (typed) => elementSum(typed, kinds[name])),
    ),
  ]
  return all.filter(({ amount }) => amount > 0)
}

function macComponents(view: GraphView): Component[] {
  const inPart = (kind: string) => view.nodes.filter(({ node }) => node.provenance.part === kind)
  const savings = strideSavings(view)
  return [
    component('head', 'macs', inPart('head'), macsOf),
    component('stem', 'macs', inPart('stem'), macsOf),
    component('gates', 'macs', gateFilters(view), macsOf),
    component('shortcuts', 'macs', shortcutFilters(view), macsOf),
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
