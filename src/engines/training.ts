import type { Graph, Node } from '../ir/graph.ts'
import { sum } from '../ir/sum.ts'
import { allParameters, type GraphView, learnedParameters, type TypedNode } from '../ir/view.ts'
import {
  bytesPerElement,
  type ElementType,
  type ExecutionOptions,
  type Filter,
  type Kernel,
  type KernelKind,
  type KernelWork,
  kindOfNode,
  makeKernel,
  precise,
} from './kernel.ts'
import { type EngineCall, noBytes, noFused, noStorages } from './schedule.ts'

/** What training adds to the forward pass on every engine: kernels of gradients, and the optimiser's. */

/** A kernel of the backward pass. */
export const backwardKernel = (
  name: string,
  kind: KernelKind,
  { precision }: ExecutionOptions,
  work: KernelWork,
): Kernel => makeKernel(name, kind, precise[precision].computes, work)

/** Bytes of what a node learns in the backward pass: each parameter is read, and its gradient written. */
export const learnedBytes = (graph: Graph, node: Node, { precision }: ExecutionOptions): number =>
  2 * learnedParameters(graph, node) * bytesPerElement[precise[precision].kept]

/**
 * The kernels of a node's gradients, as its operator's cost states them: two for a filter, for its input's gradient and for
 * its weights', none where no element moves, and else one.
 * @param type in which the gradients lie
 * @param positionBytes that the gradient of a max pool reads of each position
 */
export function backwardKernels(
  graph: Graph,
  typed: TypedNode,
  options: ExecutionOptions,
  type: ElementType,
  positionBytes: number,
): readonly Kernel[] {
  const { backward } = typed.cost
  if (backward.read + backward.written === 0) return []
  const { kind, filter } = kindOfNode(typed)
  if (filter !== undefined && backward.macs > 0) return filterBackward(graph, typed, options, kind, filter)
  const each = bytesPerElement[type]
  const kernel = backwardKernel(`${typed.node.op} backward`, kind, options, {
    macs: backward.fixedMacs,
    arithmetic: backward.arithmetic,
    read: backward.read * each + backward.indices * positionBytes,
    written: backward.written * each,
    weights: learnedBytes(graph, typed.node, options),
    filter,
  })
  return [kernel]
}

/** dx = dy * w and dw = dy * x; a picture needs no gradient. The weights' gradient is cast to the type of the weights. */
function filterBackward(
  graph: Graph,
  { node, cost: { inference, backward } }: TypedNode,
  options: ExecutionOptions,
  kind: KernelKind,
  filter: Filter,
): Kernel[] {
  const { filters, kept, unit } = precise[options.precision]
  const each = bytesPerElement[filters]
  const into = sum(inference.reads) * each
  const out = sum(inference.writes) * each
  const parameters = allParameters(graph, node)
  const work = {
    macs: inference.macs,
    filter,
    unit: kind === 'depthwise' ? ('vector' as const) : unit,
    weights: parameters * each,
  }
  const { arithmetic } = backward
  const ofWeights = { ...work, arithmetic, read: out + into }
  const kernels = [backwardKernel(`${node.op} backward weight`, kind, options, ofWeights)]
  if (!node.inputs.every((id) => graph.inputs.includes(id)))
    kernels.unshift(
      backwardKernel(`${node.op} backward input`, kind, options, { ...work, read: out, written: into }),
    )
  const cast = parameters * (each + bytesPerElement[kept])
  if (filters !== kept) kernels.push(backwardKernel('cast', 'cast', options, { weights: cast }))
  return kernels
}

/** SGD with momentum reads weight, gradient and momentum, and writes weight and momentum. */
const NUMBERS_PER_PARAMETER = 5
/** m = mu * m + g + decay * w; w = w - rate * m. */
const OPERATIONS_PER_PARAMETER = 6

/** The optimiser's step: a kernel for each operator that learns something. */
export function updateCalls(view: GraphView, { precision }: ExecutionOptions): EngineCall[] {
  const { kept } = precise[precision]
  const known = new Map<number, readonly Kernel[]>()
  const calls: EngineCall[] = []
  for (const typed of view.nodes) {
    const size = view.ownParameters(typed)
    if (size === 0) continue
    const kernels = known.get(size) ?? [updateKernel(size, kept)]
    known.set(size, kernels)
    calls.push({
      node: typed.index,
      fused: noFused,
      pass: 'update',
      kernels,
      needs: noStorages,
      makes: noStorages,
      scratch: noBytes,
    })
  }
  return calls
}

const updateKernel = (size: number, kept: ElementType): Kernel =>
  makeKernel('update', 'pointwise', kept, {
    arithmetic: OPERATIONS_PER_PARAMETER * size,
    weights: NUMBERS_PER_PARAMETER * bytesPerElement[kept] * size,
  })
