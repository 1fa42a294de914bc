import type { Tensor } from '@tensorflow/tfjs-core'
import type { ParameterRole } from '../../ir/ops/definition.ts'
import type { Graph, Node, ValueId } from '../../ir/graph.ts'
import type { Weights } from '../../weights/weights.ts'
import type { Capabilities } from './capabilities.ts'
import type { Run, Site } from './kernel.ts'
import { kernelOf } from './kernels.ts'

/** The work of every node, with its constants on the device. */
export interface Prepared {
  readonly runs: ReadonlyMap<Node, Run>
  readonly dispose: () => void
}

/** Converts all parameters, once. Nothing stays behind where one of them fails. */
export function prepare(graph: Graph, weights: Weights, capabilities: Capabilities): Prepared {
  const constants: Tensor[] = []
  const dispose = (): void => constants.splice(0).forEach((constant) => constant.dispose())
  const keep = <T extends Tensor>(tensor: T): T => {
    constants.push(tensor)
    return tensor
  }
  const names = new Map(graph.parameters.map(({ value, name }) => [value, name]))
  try {
    const runs = graph.nodes.map((node): [Node, Run] => {
      const parameter = (role: ParameterRole): Float32Array => valuesOf(node, role, names, weights)
      return [node, kernelOf(node.op)({ ...typesOf(graph, node), capabilities, parameter, keep })]
    })
    return { runs: new Map(runs), dispose }
  } catch (error) {
    dispose()
    throw error
  }
}

function typesOf(graph: Graph, node: Node): Pick<Site, 'attributes' | 'inputs' | 'outputs'> {
  const type = (value: ValueId) => {
    const found = graph.values[value]
    if (!found) throw new Error(`value ${value} of ${node.path} is not in the graph`)
    return found.type
  }
  return { attributes: node.attributes, inputs: node.inputs.map(type), outputs: node.outputs.map(type) }
}

function valuesOf(
  node: Node,
  role: ParameterRole,
  names: ReadonlyMap<ValueId, string>,
  weights: Weights,
): Float32Array {
  const value = node.parameters[role]
  const name = value === undefined ? undefined : names.get(value)
  const values = name === undefined ? undefined : weights.get(name)
  if (!values) throw new Error(`${node.path} has no values for its ${role}`)
  return values
}
