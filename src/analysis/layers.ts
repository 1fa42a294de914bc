import type { Graph, Provenance, ValueId } from '../ir/graph.ts'
import type { Location } from '../source/span.ts'
import type { LayerAnalysis, StageAnalysis } from './analysis.ts'
import { addKernel, countsOf, emptyAmounts, type Amounts, type Growing, sumOf, type Whole } from './counts.ts'
import type { Execution, Kernel } from '../engines/kernel.ts'
import { type GraphView, type TypedNode, typeOf } from '../ir/view.ts'
import type { TimeModel } from './time/time-model.ts'

/** One operator and what its kernels amount to. */
interface Layer {
  readonly typed: TypedNode
  readonly kernels: readonly Kernel[]
  /** The operator in whose kernel its work is done, where it has none of its own. */
  readonly fusedInto?: string
  readonly amounts: Amounts
}

/** Every operator in order, each with the kernels that are charged to it. */
export function layersOf({ view, kernels: all }: Execution, batch: number, time?: TimeModel): Layer[] {
  const own = new Map<number, Kernel[]>()
  const into = new Map<number, number>()
  for (const kernel of all) {
    const others = own.get(kernel.node)
    if (others === undefined) own.set(kernel.node, [kernel])
    else others.push(kernel)
    for (const node of kernel.fused) into.set(node, kernel.node)
  }
  const { graph } = view
  return view.nodes.map((typed) => {
    const kernels = own.get(typed.index) ?? []
    const host = kernels.length > 0 ? undefined : graph.nodes[into.get(typed.index) ?? -1]?.path
    const amounts = amountsOf(view, typed, kernels, batch, time)
    return { typed, kernels, amounts, ...(host === undefined ? {} : { fusedInto: host }) }
  })
}

function amountsOf(
  view: GraphView,
  typed: TypedNode,
  kernels: readonly Kernel[],
  batch: number,
  model?: TimeModel,
): Amounts {
  const amounts = emptyAmounts()
  const { inference } = typed.cost
  amounts.parameters = view.ownParameters(typed)
  amounts.macs = inference.macs
  amounts.fixed_macs = inference.fixedMacs
  for (const kernel of kernels) addKernel(amounts, kernel, batch, model)
  return amounts
}

/** @param ownFile where the network is written; `parts` of a graph say so */
export function layerAnalysis(
  { typed, kernels, fusedInto, amounts }: Layer,
  batch: number,
  whole?: Whole,
  ownFile?: string,
): LayerAnalysis {
  const { node, outputs } = typed
  const { part, location } = node.provenance
  const counts = countsOf(amounts, batch, whole)
  // One by one, as everything that there is one of for each layer: a spread takes several times as long.
  const layer: Growing<LayerAnalysis> = {
    path: node.path,
    op: node.op,
    part: part ?? null,
    output: [...(outputs[0]?.shape ?? [])],
    kind: fusedInto === undefined ? kindOf(kernels) : 'fused',
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

/** Of the forward kernel with the most MACs, and where none has any, of the one that moves most. */
function kindOf(kernels: readonly Kernel[]): LayerAnalysis['kind'] {
  let main: Kernel | undefined
  for (const kernel of kernels)
    if (kernel.pass === 'forward' && (main === undefined || weightOf(kernel) > weightOf(main))) main = kernel
  return main?.kind ?? 'view'
}

/** Any MAC outweighs all bytes. */
const weightOf = ({ macs, read, written }: Kernel): number =>
  macs > 0 ? Number.MAX_SAFE_INTEGER : read + written

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
  const counts = (group: readonly Layer[]) =>
    countsOf(sumOf(group.map(({ amounts }) => amounts)), batch, whole)
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
