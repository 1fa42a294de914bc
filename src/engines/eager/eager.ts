import type { Graph } from '../../ir/graph.ts'
import { GraphView } from '../../ir/view.ts'
import { bytesPerElement, defaultExecution, type ExecutionOptions, precise } from '../kernel.ts'
import type { ResidentBytes, Schedule } from '../schedule.ts'
import { updateCalls } from '../training.ts'
import { BackwardPass } from './autograd.ts'
import { ForwardPass } from './forward.ts'

/**
 * A graph as PyTorch runs it without a compiler: every operator is at least one kernel that reads its inputs from
 * memory and writes its outputs there. With `mixed` precision, as autocast to fp16 has it: convolutions and linear layers
 * in fp16, a few reductions in fp32, the rest in the wider type of its inputs, and each cast a kernel of its own.
 * docs/decisions/0008-memory-model.md says what is assumed of its memory.
 * @param asked what differs from `defaultExecution`
 */
export function eager(graph: Graph, asked: Partial<ExecutionOptions> = {}): Schedule {
  const options = { ...defaultExecution, ...asked }
  const view = new GraphView(graph)
  const forward = new ForwardPass(view, options)
  const given = graph.inputs.map((id) => forward.storageOf(id))
  const calls = forward.calls
  if (options.mode === 'training') {
    // One by one: a spread of all calls of a deep network would not fit the stack.
    for (const call of new BackwardPass(view, options, forward).calls) calls.push(call)
    for (const call of updateCalls(view, options)) calls.push(call)
  }
  return {
    view,
    engine: 'eager',
    options,
    calls,
    storages: forward.storages,
    given,
    // The caller holds the picture and the results.
    held: [...given, ...graph.outputs.map((id) => forward.storageOf(id)), ...forward.held],
    resident: residentBytes(view, options),
  }
}

/**
 * Parameters as they are kept. Gradients of weights are counted all the time, as where they are set to zero: training loops
 * that set them to nothing have the memory back in the forward pass.
 */
function residentBytes(view: GraphView, { precision, mode }: ExecutionOptions): ResidentBytes {
  const each = bytesPerElement[precise[precision].kept]
  let learned = 0
  let running = 0
  for (const { elements, isLearned } of view.heldParameters) {
    if (isLearned) learned += elements * each
    else running += elements * each
  }
  return {
    weights: learned,
    'running statistics': running,
    'weight copies': 0,
    'weight gradients': mode === 'training' ? learned : 0,
  }
}
