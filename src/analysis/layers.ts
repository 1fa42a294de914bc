import type { Graph, Provenance, ValueId } from '../ir/graph.ts'
import type { Location } from '../source/span.ts'
import type { LayerAnalysis, StageAnalysis } from './analysis.ts'
import {
  addKernel,
  countsOf,
  emptyTally,
  type Growing,
  type GrowingTally,
  sumOf,
  type Tally,
  type Whole,
} from './counts.ts'
import type { Kernel } from '../engines/kernel.ts'
import type { Schedule } from '../engines/schedule.ts'
import { type GraphView, type TypedNode, typeOf } from '../ir/view.ts'
import type { TimeModel } from './time/time-model.ts'

/** One operator and what its kernels amount to. */
interface Layer {
  readonly typed: TypedNode
  readonly kind: LayerAnalysis['kind']
  /** The operator in whose kernel its work is done, where it has none of its own. */
  readonly fusedInto?: string
  readonly tally: Tally
}

interface GrowingLayer {
  readonly typed: TypedNode
  readonly tally: GrowingTally
  /** The forward kernel with the most MACs, and where none has any, the one that moves most. */
  main?: Kernel
  host?: number
}

/** Every operator in order, with the kernels that are charged to it. */
export function layersOf({ view, calls }: Schedule, batch: number, model?: TimeModel): Layer[] {
  const { graph } = view
  const layers = view.nodes.map((typed): GrowingLayer => ({ typed, tally: ownTally(view, typed) }))
  for (const { node, fused, pass, kernels } of calls) {
    if (kernels.length === 0) continue
    for (const other of fused) {
      const layer = layers[other]
      if (layer !== undefined) layer.host = node
    }
    const layer = layers[node]
    if (layer === undefined) continue
    for (const kernel of kernels) {
      addKernel(layer.tally, kernel, batch, model)
      if (pass === 'forward' && (layer.main === undefined || weightOf(kernel) > weightOf(layer.main)))
        layer.main = kernel
    }
  }
  return layers.map((layer) => finished(graph, layer))
}

function ownTally(view: GraphView, typed: TypedNode): GrowingTally {
  const tally = emptyTally()
  const { inference } = typed.cost
  tally.parameters = view.ownParameters(typed)
  tally.macs = inference.macs
  tally.fixed_macs = inference.fixedMacs
  return tally
}

function finished(graph: Graph, { typed, tally, main, host }: GrowingLayer): Layer {
  const fusedInto = tally.kernels > 0 ? undefined : graph.nodes[host ?? -1]?.path
  if (fusedInto !== undefined) return { typed, tally, kind: 'fused', fusedInto }
  return { typed, tally, kind: main?.kind ?? 'view' }
}

/** Any MAC outweighs all bytes. */
const weightOf = ({ macs, read, written }: Kernel): number =>
  macs > 0 ? Number.MAX_SAFE_INTEGER : read + written

/** @param ownFile where the network is written; `parts` of a graph say so */
export function layerAnalysis(
  { typed, kind, fusedInto, tally }: Layer,
  batch: number,
  whole?: Whole,
  ownFile?: string,
): LayerAnalysis {
  const { node, outputs } = typed
  const { part, location } = node.provenance
  const counts = countsOf(tally, batch, whole)
  // One by one, as everything that there is one of for each layer: a spread takes several times as long.
  const layer: Growing<LayerAnalysis> = {
    path: node.path,
    op: node.op,
    part: part ?? null,
    output: [...(outputs[0]?.shape ?? [])],
    kind,
    fused_into: fusedInto ?? null,
    bias: typeof node.attributes.bias === 'boolean' ? node.attributes.bias : null,
    called_from: calledFrom(node.provenance, ownFile),
    location,
    parameters: counts.parameters,
    macs: counts.macs,
    fixed_macs: counts.fixed_macs,
    arithmetic: counts.arithmetic,
    bytes_read: counts.bytes_read,
    bytes_written: counts.bytes_written,
    bytes_weights: counts.bytes_weights,
    bytes: counts.bytes,
    kernels: counts.kernels,
    intensity: counts.intensity,
  }
  if (counts.time !== undefined) layer.time = counts.time
  if (counts.energy_estimate !== undefined) layer.energy_estimate = counts.energy_estimate
  return layer
}

/** The innermost place in the network's own file; one of a block in the library helps nobody to change the network. */
function calledFrom({ location, blocks }: Provenance, ownFile: string | undefined): Location {
  if (location.file === ownFile) return location
  const calls = blocks.map((block) => block.location)
  return calls.filter(({ file }) => file === ownFile).at(-1) ?? calls[0] ?? location
}

/** Name of the row of the operators that belong to no part. */
const OTHER = 'other'

/** Every part in order, and last, if there is any, what belongs to none. */
export function stagesOf(
  graph: Graph,
  layers: readonly Layer[],
  batch: number,
  whole?: Whole,
): StageAnalysis[] {
  const groups = groupByPart(layers)
  const counts = (group: readonly Layer[]) => countsOf(sumOf(group.map(({ tally }) => tally)), batch, whole)
  const stages = graph.parts.map(({ name, kind, output, others }): StageAnalysis => ({
    name,
    kind,
    output: shapeOf(graph, output),
    ...(others === undefined ? {} : { other_outputs: others.map((id) => shapeOf(graph, id)) }),
    ...counts(groups.get(name) ?? []),
  }))
  const rest = groups.get(undefined)
  const last = rest?.at(-1)?.typed.node.outputs[0]
  if (rest === undefined || last === undefined) return stages
  return [...stages, { name: OTHER, kind: OTHER, output: shapeOf(graph, last), ...counts(rest) }]
}

function groupByPart(layers: readonly Layer[]): Map<string | undefined, Layer[]> {
  const groups = new Map<string | undefined, Layer[]>()
  for (const layer of layers) {
    const { part } = layer.typed.node.provenance
    const group = groups.get(part)
    if (group === undefined) groups.set(part, [layer])
    else group.push(layer)
  }
  return groups
}

/** Without the batch. */
const shapeOf = (graph: Graph, id: ValueId): readonly number[] => [...typeOf(graph, id).shape]
