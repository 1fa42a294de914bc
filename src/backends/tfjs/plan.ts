import { tensor, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { ParameterRole } from '../../ir/ops/definition.ts'
import type { Graph, Node, ValueId } from '../../ir/graph.ts'
import { parameterReader } from '../../weights/parameter-values.ts'
import type { Weights } from '../../weights/weights.ts'
import type { Capabilities } from './capabilities.ts'
import type { Constant, StepFunction, StepContext } from './step.ts'
import { builderOf } from './operators.ts'
import type { Step } from '../../ir/liveness.ts'

/** The work of every node, with its constants on the device. */
interface Prepared {
  readonly runs: ReadonlyMap<Node, StepFunction>
  readonly dispose: () => void
}

/** Converts all parameters, once. Nothing stays behind where one of them fails. */
export function prepare(graph: Graph, weights: Weights, capabilities: Capabilities): Prepared {
  const constants: Tensor[] = []
  const dispose = (): void => constants.splice(0).forEach((constant) => constant.dispose())
  const constant: Constant = (shape, values) => {
    const made = tensor(values(), shape)
    constants.push(made)
    return made
  }
  const read = parameterReader(graph, weights)
  const parameter = ({ path, parameters }: Node, role: ParameterRole): Float32Array => {
    const value = parameters[role]
    if (value === undefined) throw new Error(`${path} has no ${role}`)
    return read(value)
  }
  try {
    return { runs: runsOf(graph, capabilities, { parameter, constant }), dispose }
  } catch (error) {
    dispose()
    throw error
  }
}

/** Where the runs of a graph get their constants from. */
interface Constants {
  readonly parameter: (node: Node, role: ParameterRole) => Float32Array
  readonly constant: Constant
}

/** The work of every node, as it is lowered for a backend of these capabilities. */
export const runsOf = (
  graph: Graph,
  capabilities: Capabilities,
  { parameter, constant }: Constants,
): ReadonlyMap<Node, StepFunction> =>
  new Map(
    graph.nodes.map((node) => {
      const ofNode = (role: ParameterRole): Float32Array => parameter(node, role)
      const context = { ...typesOf(graph, node), capabilities, parameter: ofNode, constant }
      return [node, builderOf(node.op)(context)]
    }),
  )

function typesOf(graph: Graph, node: Node): Pick<StepContext, 'attributes' | 'inputs' | 'outputs'> {
  const type = (value: ValueId) => {
    const found = graph.values[value]
    if (!found) throw new Error(`value ${value} of ${node.path} is not in the graph`)
    return found.type
  }
  return { attributes: node.attributes, inputs: node.inputs.map(type), outputs: node.outputs.map(type) }
}

/** Tensors that exist at one moment of a run, by value. */
export type Live = Map<ValueId, Tensor>

/**
 * Runs the steps. `live` holds the graph's inputs at first and the wanted values at the end; where a step
 * throws it holds what is left to dispose.
 */
export function execute(steps: readonly Step[], runs: ReadonlyMap<Node, StepFunction>, live: Live): void {
  for (const { node, release } of steps) {
    const run = runs.get(node)
    if (!run) throw new Error(`${node.path} was not prepared`)
    const inputs = node.inputs.map((value) => held(live, value))
    // Kernels make temporaries; `tidy` frees them, and all of a kernel's tensors where it throws.
    const results = tidy(() => run(inputs))
    const outputs = Array.isArray(results) ? results : [results]
    node.outputs.forEach((value, i) => {
      const output = outputs[i]
      if (output) live.set(value, output)
    })
    for (const value of release) drop(live, value)
  }
}

/** A value of this moment; to ask for one that is not is the compiler's fault. */
export function held(live: Live, value: ValueId): Tensor {
  const tensor = live.get(value)
  if (!tensor) throw new Error(`value ${value} is used before it is made or after it was freed`)
  return tensor
}

function drop(live: Live, value: ValueId): void {
  live.get(value)?.dispose()
  live.delete(value)
}

/** Frees whatever a run has left. */
export function dropAll(live: Live): void {
  for (const value of [...live.keys()]) drop(live, value)
}
