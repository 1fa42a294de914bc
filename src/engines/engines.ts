import type { Graph } from '../ir/graph.ts'
import { eager } from './eager/eager.ts'
import { fused } from './fused.ts'
import type { Execution, ExecutionOptions } from './kernel.ts'

/** Turns a graph into the kernels of one step. */
type Engine = (graph: Graph, options: ExecutionOptions) => Execution

/** The engines that need no backend. */
export const modelledEngines = { eager, fused } as const satisfies Readonly<Record<string, Engine>>
export type ModelledEngine = keyof typeof modelledEngines

export const isModelled = (name: string): name is ModelledEngine => Object.hasOwn(modelledEngines, name)
