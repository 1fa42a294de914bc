import type { Graph } from '../ir/graph.ts'
import { elements } from '../ir/tensor-type.ts'
import type { LayerAnalysis } from './analysis.ts'
import { countsOf, nothing, type Amounts } from './counts.ts'
import type { Execution, Kernel } from './execution/kernel.ts'
import { typedNodes, typeOf, type TypedNode } from './execution/types.ts'
import type { TimeModel } from './time/time-model.ts'

/** One operator and what its kernels amount to. */
export interface Layer {
  readonly typed: TypedNode
  readonly kernels: readonly Kernel[]
  /** The operator in whose kernel its work is done, where it has none of its own. */
  readonly fusedInto?: string
  readonly amounts: Amounts
}

/** Every operator in order, each with the kernels that are charged to it. */
export function layersOf(graph: Graph, execution: Execution, batch: number, time?: TimeModel): Layer[] {
  const own = new Map<number, Kernel[]>()
  const into = new Map<number, number>()
  for (const kernel of execution.kernels) {
    own.set(kernel.node, [...(own.get(kernel.node) ?? []), kernel])
    for (const node of kernel.fused) into.set(node, kernel.node)
  }
  return typedNodes(graph).map((typed) => {
    const kernels = own.get(typed.index) ?? []
    const host = kernels.length > 0 ? undefined : graph.nodes[into.get(typed.index) ?? -1]?.path
    const amounts = amountsOf(graph, typed, kernels, batch, time)
    return { typed, kernels, amounts, ...(host === undefined ? {} : { fusedInto: host }) }
  })
}

function amountsOf(
  graph: Graph,
  { node, cost: { inference } }: TypedNode,
  kernels: readonly Kernel[],
  batch: number,
  model?: TimeModel,
): Amounts {
  const seconds = { compute: 0, memory: 0, launch: 0 }
  for (const kernel of model === undefined ? [] : kernels) {
    const { bound, total } = model?.time(kernel, batch) ?? { bound: 'memory', total: 0 }
    seconds[bound] += total
  }
  return {
    ...nothing,
    parameters: trainableElements(graph, node.parameters),
    macs: inference.macs,
    fixed_macs: inference.fixedMacs,
    arithmetic: sum(kernels.map(({ arithmetic }) => arithmetic)),
    bytes_read: sum(kernels.map(({ read }) => read)),
    bytes_written: sum(kernels.map(({ written }) => written)),
    bytes_weights: sum(kernels.map(({ weights }) => weights)),
    kernels: kernels.length,
    kernelMacs: sum(kernels.map(({ macs }) => macs)),
    seconds,
  }
}

function trainableElements(graph: Graph, parameters: Graph['nodes'][number]['parameters']): number {
  const roles = ['weight', 'bias'] as const
  return sum(
    roles.map((role) => {
      const id = parameters[role]
      return id === undefined ? 0 : elements(typeOf(graph, id))
    }),
  )
}

export function layerAnalysis(
  { typed, kernels, fusedInto, amounts }: Layer,
  batch: number,
  whole?: number,
): LayerAnalysis {
  const { node, outputs } = typed
  const { part, location } = node.provenance
  return {
    path: node.path,
    op: node.op,
    part: part ?? null,
    output: [...(outputs[0]?.shape ?? [])],
    kind: fusedInto === undefined ? kindOf(kernels) : 'fused',
    fused_into: fusedInto ?? null,
    location,
    ...countsOf(amounts, batch, whole),
  }
}

/** Of the forward kernel with the most MACs, and where none has any, of the one that moves most. */
function kindOf(kernels: readonly Kernel[]): LayerAnalysis['kind'] {
  const main = kernels
    .filter(({ pass }) => pass === 'forward')
    .reduce<Kernel | undefined>(
      (most, kernel) => (most === undefined || weightOf(kernel) > weightOf(most) ? kernel : most),
      undefined,
    )
  return main?.kind ?? 'view'
}

/** Any MAC outweighs all bytes. */
const weightOf = ({ macs, read, written }: Kernel): number =>
  macs > 0 ? Number.MAX_SAFE_INTEGER : read + written

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
