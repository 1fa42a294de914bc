import { memoryOf } from '../../../src/analysis/memory/memory.ts'
import type { MemoryAnalysis } from '../../../src/analysis/analysis.ts'
import { eager } from '../../../src/engines/eager/eager.ts'
import type { ExecutionOptions } from '../../../src/engines/kernel.ts'
import type { Graph } from '../../../src/ir/graph.ts'

type MemoryOptions = Parameters<typeof memoryOf>[1]

/** Memory of a step on eager PyTorch. */
export const eagerMemory = (
  graph: Graph,
  { options, ...others }: MemoryOptions & { readonly options: ExecutionOptions },
): MemoryAnalysis => memoryOf(eager(graph, options), others)

/**
 * Bytes that lie between the forward and the backward pass of eager PyTorch, each piece of memory once; without the picture,
 * the weights and their copies.
 */
export const keptForBackward = (graph: Graph, options: ExecutionOptions, batch: number): number =>
  eager(graph, { ...options, mode: 'training' })
    .storages.filter(({ part }) => part === 'kept for backward')
    .reduce((sum, { image, step }) => sum + image * batch + step, 0)
