import type { Graph } from '../../ir/graph.ts'
import { elements } from '../../ir/tensor-type.ts'
import type { ExecutionOptions } from '../execution/kernel.ts'
import { bytesPerElement, precise } from '../execution/precision.ts'
import { typeOf } from '../execution/types.ts'
import { perStep, type Amount } from './amount.ts'
import type { Part } from './parts.ts'

/** Numbers that an optimiser keeps for each parameter: none, the momentum, or Adam's two moments. */
const optimizerStates = { sgd: 0, momentum: 1, adam: 2 } as const

export type Optimizer = keyof typeof optimizerStates

/**
 * What stays from step to step. Gradients of weights are counted all the time, as where they are set to zero: training
 * loops that set them to nothing have the memory back in the forward pass.
 */
export function residents(
  graph: Graph,
  { precision, mode }: ExecutionOptions,
  optimizer: Optimizer,
): readonly (readonly [Part, Amount])[] {
  const each = bytesPerElement[precise[precision].kept]
  const bytesOf = (trainable: boolean): number =>
    graph.parameters
      .filter((parameter) => parameter.trainable === trainable)
      .reduce((sum, { value }) => sum + elements(typeOf(graph, value)) * each, 0)
  const weights = bytesOf(true)
  const learned = mode === 'training' ? weights : 0
  return [
    ['weights', perStep(weights)],
    ['running statistics', perStep(bytesOf(false))],
    ['weight gradients', perStep(learned)],
    ['optimiser state', perStep(learned * optimizerStates[optimizer])],
  ]
}
