import type { Graph } from '../ir/graph.ts'
import { eager } from './eager/eager.ts'
import { fused } from './fused/fused.ts'
import type { ExecutionOptions } from './kernel.ts'
import type { Schedule } from './schedule.ts'

/** Turns a graph into the calls of one step. */
type Engine = (graph: Graph, options: ExecutionOptions) => Schedule

/** The engines that need no backend. */
export const modelledEngines = { eager, fused } as const satisfies Readonly<Record<string, Engine>>
export type ModelledEngine = keyof typeof modelledEngines

export const isModelled = (name: string): name is ModelledEngine => Object.hasOwn(modelledEngines, name)
