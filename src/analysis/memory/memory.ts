import type { Graph } from '../../ir/graph.ts'
import type { MemoryAnalysis } from '../analysis.ts'
import type { Device } from '../devices/device.ts'
import type { ExecutionOptions } from '../execution/kernel.ts'

export interface MemoryRequest {
  readonly options: ExecutionOptions
  readonly batch: number
  readonly device?: Device
}

// PLACEHOLDER so that others can build: the owner of src/analysis/memory replaces this file.
export const memoryOf = (graph: Graph, request: MemoryRequest): MemoryAnalysis => {
  void graph
  void request
  return { peak: 0, peak_layer: -1, parts: [], timeline: [] }
}
