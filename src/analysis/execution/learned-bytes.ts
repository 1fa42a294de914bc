import type { Graph, Node } from '../../ir/graph.ts'
import type { ExecutionOptions } from './kernel.ts'
import { learnedParameters } from './parameters.ts'
import { bytesPerElement, precise } from './precision.ts'

/** Bytes of what a node learns in the backward pass: each parameter is read, and its gradient written. */
export const learnedBytes = (graph: Graph, node: Node, { precision }: ExecutionOptions): number =>
  2 * learnedParameters(graph, node) * bytesPerElement[precise[precision].kept]
