import { tidy, type Tensor } from '@tensorflow/tfjs-core'
import type { Node, ValueId } from '../../ir/graph.ts'
import type { Run } from './kernel.ts'
import type { Step } from '../../ir/liveness.ts'

/** Tensors that exist at one moment of a run, by value. */
export type Live = Map<ValueId, Tensor>

/**
 * Runs the steps. `live` holds the graph's inputs at first and the wanted values at the end; where a step
 * throws it holds what is left to dispose.
 */
export function execute(steps: readonly Step[], runs: ReadonlyMap<Node, Run>, live: Live): void {
  for (const { node, release } of steps) {
    const run = runs.get(node)
    if (!run) throw new Error(`${node.path} was not prepared`)
    const inputs = node.inputs.map((value) => held(live, value))
    // Kernels make temporaries; `tidy` frees them, and all of a kernel's tensors where it throws.
    const results = tidy(() => run(inputs))
    const outputs = Array.isArray(results) ? results : [results]
    node.outputs.forEach((value, i) => {
      const output = outputs[i]
      if (output) live.set(value, output)
    })
    for (const value of release) drop(live, value)
  }
}

/** A value of this moment; to ask for one that is not is the compiler's fault. */
export function held(live: Live, value: ValueId): Tensor {
  const tensor = live.get(value)
  if (!tensor) throw new Error(`value ${value} is used before it is made or after it was freed`)
  return tensor
}

function drop(live: Live, value: ValueId): void {
  live.get(value)?.dispose()
  live.delete(value)
}

/** Frees whatever a run has left. */
export function dropAll(live: Live): void {
  for (const value of [...live.keys()]) drop(live, value)
}
