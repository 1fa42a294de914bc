import type { Graph, Node, ValueId } from '../../ir/graph.ts'
import { elements } from '../../ir/tensor-type.ts'
import type { ExecutionOptions } from '../execution/kernel.ts'
import { precise } from '../execution/precision.ts'
import { typedNodes, typeOf } from '../execution/types.ts'
import { loweringOf } from './lowering/lowerings.ts'
import { siteOf } from './site.ts'
import { Tape, type Tensor } from './tape.ts'

/** A graph's forward pass as an engine's calls, and the tensors that its caller gave and gets. */
export interface Recording {
  readonly tape: Tape
  readonly inputs: readonly Tensor[]
  readonly outputs: readonly Tensor[]
}

/**
 * Eager PyTorch's calls. A picture needs no gradient; the caller keeps it, and the results, for the whole step.
 */
export function record(graph: Graph, options: ExecutionOptions): Recording {
  const tape = new Tape(options.mode === 'training')
  const { kept } = precise[options.precision]
  const tensors = new Map<ValueId, Tensor>()
  for (const id of graph.inputs)
    tensors.set(id, tape.fresh(elements(typeOf(graph, id)), kept, false, 'input'))
  const setting = { graph, options, tape, uses: usesOf(graph) }
  for (const typed of typedNodes(graph)) {
    const operands = tensorsOf(tensors, typed.node.inputs, typed.node)
    const outputs = loweringOf(typed.node.op)(siteOf(typed, operands, setting))
    typed.node.outputs.forEach((id, position) => {
      const output = outputs[position]
      if (output !== undefined) tensors.set(id, output)
    })
  }
  return { tape, inputs: tensorsOf(tensors, graph.inputs), outputs: tensorsOf(tensors, graph.outputs) }
}

function tensorsOf(
  tensors: ReadonlyMap<ValueId, Tensor>,
  ids: readonly ValueId[],
  user?: Node,
): readonly Tensor[] {
  return ids.map((id) => {
    const tensor = tensors.get(id)
    if (tensor === undefined)
      throw new Error(`value ${id} is used before it is made${user ? `: ${user.path}` : ''}`)
    return tensor
  })
}

/** How many times each value is read, by nodes and by the caller. */
function usesOf(graph: Graph): ReadonlyMap<ValueId, number> {
  const uses = new Map<ValueId, number>()
  const note = (id: ValueId) => uses.set(id, (uses.get(id) ?? 0) + 1)
  for (const node of graph.nodes) node.inputs.forEach(note)
  graph.outputs.forEach(note)
  return uses
}
