import type { Graph } from '../../../ir/graph.ts'
import { elements } from '../../../ir/tensor-type.ts'
import type { ExecutionOptions, Kernel } from '../kernel.ts'
import { bytesPerElement, precise } from '../precision.ts'
import { typeOf, type TypedNode } from '../types.ts'

/** SGD with momentum reads weight, gradient and momentum, and writes weight and momentum. */
const NUMBERS_PER_PARAMETER = 5
/** m = mu * m + g + decay * w; w = w - rate * m. */
const OPERATIONS_PER_PARAMETER = 6

/** The optimiser's step, a kernel for each operator that learns something. */
export function updateKernels(
  graph: Graph,
  nodes: readonly TypedNode[],
  { precision }: ExecutionOptions,
): Kernel[] {
  const { kept } = precise[precision]
  const trainable = new Set(graph.parameters.filter((each) => each.trainable).map(({ value }) => value))
  return nodes.flatMap(({ node, index }): Kernel[] => {
    const learned = Object.values(node.parameters).filter((id) => trainable.has(id))
    const size = learned.reduce((sum, id) => sum + elements(typeOf(graph, id)), 0)
    if (size === 0) return []
    return [
      {
        name: 'update',
        kind: 'pointwise',
        node: index,
        fused: [],
        pass: 'update',
        macs: 0,
        arithmetic: OPERATIONS_PER_PARAMETER * size,
        type: kept,
        unit: 'vector',
        read: 0,
        written: 0,
        weights: NUMBERS_PER_PARAMETER * bytesPerElement[kept] * size,
      },
    ]
  })
}
