import { eager } from '../../src/engines/eager/eager.ts'
import { fused } from '../../src/engines/fused/fused.ts'
import { defaultExecution, type ExecutionOptions, type Kernel } from '../../src/engines/kernel.ts'
import { kernelsOf, type StepPass, type Schedule } from '../../src/engines/schedule.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { GraphSketch } from '../ir/graph-fixtures.ts'

/** Kernels as tuples, which tests write by hand: name, kind, read, written, weights. */
export const rows = (kernels: readonly Kernel[]) =>
  kernels.map(({ name, kind, read, written, weights }) => [name, kind, read, written, weights])

export const eagerRows = (graph: Graph, options: Partial<ExecutionOptions> = {}) =>
  rows(kernelsOf(eager(graph, { ...defaultExecution, ...options })))

export const fusedRows = (graph: Graph, options: Partial<ExecutionOptions> = {}) =>
  rows(kernelsOf(fused(graph, { ...defaultExecution, ...options })))

/** A network of one chain, drawn by `draw` from a map of the given shape. */
export function chain(shape: readonly number[], draw: (sketch: GraphSketch, x: number) => number): Graph {
  const sketch = new GraphSketch(...shape)
  return sketch.graph('chain', draw(sketch, sketch.input))
}

export const norm = { eps: 1e-5, momentum: 0.1, initial_scale: 1 }

/** Kernels of one pass, in order. */
export const kernelsOfPass = ({ calls }: Schedule, pass: StepPass): readonly Kernel[] =>
  kernelsOf({ calls: calls.filter((call) => call.pass === pass) })
