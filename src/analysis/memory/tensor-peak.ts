import type { Graph, Node, ValueId } from '../../ir/graph.ts'
import { planOf } from '../../ir/liveness.ts'
import { sum } from '../../ir/sum.ts'
import { elements } from '../../ir/tensor-type.ts'
import { typeOf } from '../../ir/view.ts'

const FLOAT_BYTES = 4

interface Peak {
  readonly bytes: number
  /** Where it is reached; absent where it is the input itself. */
  readonly node?: Node
}

/**
 * The most memory that the tensors of one image take at once in float32, given that each operator makes new ones and
 * each tensor goes as soon as nothing needs it: what the project's own backends do.
 */
export function peakMemory(graph: Graph): Peak {
  const bytesOf = (id: ValueId) => FLOAT_BYTES * elements(typeOf(graph, id))
  let alive = sum(graph.inputs.map(bytesOf))
  let peak: Peak = { bytes: alive }
  for (const { node, release } of planOf(graph, new Set(graph.outputs))) {
    alive += sum(node.outputs.map(bytesOf))
    if (alive > peak.bytes) peak = { bytes: alive, node }
    alive -= sum(release.map(bytesOf))
  }
  return peak
}
