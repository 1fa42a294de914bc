import type { Graph } from '../../ir/graph.ts'
import type { ExecutionOptions } from '../execution/kernel.ts'
import { atBatch, nothing, plus } from './amount.ts'
import { record } from './record.ts'

/**
 * Bytes that lie between the forward and the backward pass, each piece of memory once; without the picture, the weights
 * and their copies.
 */
export function keptForBackward(graph: Graph, options: ExecutionOptions, batch: number): number {
  const { tape } = record(graph, { ...options, mode: 'training' })
  const kept = tape.storages.filter(({ part }) => part === 'kept for backward')
  return atBatch(
    kept.reduce((sum, { amount }) => plus(sum, amount), nothing),
    batch,
  )
}
