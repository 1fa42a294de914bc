import type { Graph } from './graph.ts'

/** [C, H, W] of what the network takes. */
export function inputShape(graph: Graph): readonly number[] {
  const [input] = graph.inputs
  return input === undefined ? [] : (graph.values[input]?.type.shape ?? [])
}
