import type { Graph, Node, ValueId } from '../../ir/graph.ts'
import { parameterReader, type ParameterReader } from '../../weights/parameter-values.ts'
import type { Weights } from '../../weights/weights.ts'
import { type Volume, oracleOf } from './oracles.ts'

/**
 * Computes every value of a graph for one image, in float64. `inputs` are the graph's, in order. For tests:
 * it keeps all values and is thousands of times slower than a device.
 */
export function runReference(
  graph: Graph,
  weights: Weights,
  inputs: readonly Volume[],
): ReadonlyMap<ValueId, Volume> {
  const values = new Map<ValueId, Volume>()
  const read = parameterReader(graph, weights)
  graph.inputs.forEach((value, i) => put(values, value, inputs[i]))
  for (const node of graph.nodes) {
    const results = [oracleOf(node.op)(callOf(graph, node, read, values))].flat()
    node.outputs.forEach((value, i) => put(values, value, results[i]))
  }
  return values
}

function callOf(graph: Graph, node: Node, read: ParameterReader, values: ReadonlyMap<ValueId, Volume>) {
  const inputs = node.inputs.map((value) => present(values.get(value), node.path))
  const outputs = node.outputs.map((value) => present(graph.values[value], node.path).type)
  return {
    attributes: node.attributes,
    inputs,
    x: present(inputs[0], node.path),
    outputs,
    output: present(outputs[0], node.path),
    parameter: (role: keyof Node['parameters']) => read(present(node.parameters[role], node.path)),
  }
}

function put(values: Map<ValueId, Volume>, id: ValueId, volume: Volume | undefined): void {
  values.set(id, present(volume, `value ${id}`))
}

function present<T>(value: T | undefined, of: string): T {
  if (value === undefined) throw new Error(`${of}: something is missing`)
  return value
}
