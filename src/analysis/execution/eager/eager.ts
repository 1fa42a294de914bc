import type { Graph } from '../../../ir/graph.ts'
import { defaultExecution, type Execution, type ExecutionOptions, type Kernel } from '../kernel.ts'
import { typedNodes } from '../types.ts'
import { backwardKernels } from './backward.ts'
import { loweringOf } from './lowerings.ts'
import { siteOf, startingValues } from './site.ts'
import { updateKernels } from './update.ts'

/**
 * A graph as PyTorch runs it without a compiler: every operator is at least one kernel that reads its inputs from
 * memory and writes its outputs there. With `mixed` precision, as autocast to fp16 has it: convolutions and linear layers
 * in fp16, a few reductions in fp32, the rest in the wider type of its inputs, and each cast a kernel of its own.
 * @param asked what differs from `defaultExecution`
 */
export function eager(graph: Graph, asked: Partial<ExecutionOptions> = {}): Execution {
  const options = { ...defaultExecution, ...asked }
  const kernels: Kernel[] = []
  const values = startingValues(graph, options)
  const nodes = typedNodes(graph)
  for (const typed of nodes) loweringOf(typed.node.op)(siteOf(typed, graph, options, values, kernels))
  if (options.mode === 'training') {
    kernels.push(...backwardKernels(graph, nodes, options, values))
    kernels.push(...updateKernels(graph, nodes, options))
  }
  return { engine: 'eager', options, kernels }
}
