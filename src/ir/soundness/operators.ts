import { diagnose } from '../../diagnostics/diagnose.ts'
import type { FilePlace } from '../../diagnostics/diagnostic.ts'
import type { Graph, Node, Parameter, ValueId } from '../graph.ts'
import { isProblem, type OpDefinition, type ParameterDefinition, type Problem } from '../ops/definition.ts'
import { operatorOf } from '../ops/index.ts'
import { sameShape, tensor, type TensorType } from '../tensor-type.ts'
import { fault, type Faults } from './fault.ts'

/** A parameter with its place in the graph's list. */
export type ParametersByValue = ReadonlyMap<
  ValueId,
  { readonly parameter: Parameter; readonly index: number }
>

/** Whether an operator's inputs, results and parameters are what its definition says; all ids must be known. */
export function* operatorFaults(
  graph: Graph,
  node: Node,
  parameters: ParametersByValue,
  pointer: string,
): Faults {
  const definition: OpDefinition = operatorOf(node.op)
  const inputs = node.inputs.flatMap((id) => graph.values[id]?.type ?? [])
  const results = definition.infer(node.attributes, inputs)
  if (isProblem(results)) {
    yield fault('E0808', { pointer, op: node.op, path: node.path, ...ruleOf(results) })
    return
  }
  yield* resultFaults(graph, node, results, pointer)
  yield* parameterFaults(
    graph,
    node,
    definition.parameters?.(node.attributes, inputs) ?? [],
    parameters,
    pointer,
  )
}

const nowhere: FilePlace = { path: '' }

function ruleOf({ problem, facts }: Problem): { rule: string; fault: string } {
  return { rule: problem, fault: diagnose(problem, nowhere, facts).message }
}

function* resultFaults(graph: Graph, node: Node, results: readonly TensorType[], pointer: string): Faults {
  const { op, path, outputs } = node
  if (outputs.length !== results.length) {
    yield fault('E0809', { pointer, op, path, found: outputs.length, wanted: results.length })
    return
  }
  for (const [index, wanted] of results.entries()) {
    const found = graph.values[outputs[index] ?? -1]
    if (found === undefined || sameShape(found.type, wanted)) continue
    const at = { pointer: `/values/${found.id}/type`, what: `output ${index} of \`${path}\`` }
    yield fault('E0810', { ...at, found: found.type.shape, wanted: wanted.shape })
  }
}

function* parameterFaults(
  graph: Graph,
  node: Node,
  definitions: readonly ParameterDefinition[],
  parameters: ParametersByValue,
  pointer: string,
): Faults {
  for (const role of Object.keys(node.parameters))
    if (!definitions.some((definition) => definition.role === role)) {
      yield fault('E0811', {
        pointer: `${pointer}/parameters/${role}`,
        path: node.path,
        role,
        fault: 'unwanted',
      })
    }
  for (const definition of definitions) {
    const entry = parameters.get(node.parameters[definition.role] ?? -1)
    const facts = { path: node.path, role: definition.role }
    if (entry === undefined)
      yield fault('E0811', { pointer: `${pointer}/parameters`, ...facts, fault: 'missing' })
    else yield* oneParameterFaults(graph, node, definition, entry)
  }
}

function* oneParameterFaults(
  graph: Graph,
  { path }: Node,
  { role, shape, trainable }: ParameterDefinition,
  { parameter, index }: { readonly parameter: Parameter; readonly index: number },
): Faults {
  const pointer = `/parameters/${index}`
  if (parameter.role !== role || parameter.name !== `${path}.${role}`)
    yield fault('E0811', { pointer: `${pointer}/name`, path, role, fault: 'misnamed' })
  if (parameter.trainable !== trainable)
    yield fault('E0811', { pointer: `${pointer}/trainable`, path, role, fault: 'trainable' })
  const type = graph.values[parameter.value]?.type
  if (type === undefined || sameShape(type, tensor(...shape))) return
  const at = { pointer: `/values/${parameter.value}/type`, what: `\`${parameter.name}\`` }
  yield fault('E0810', { ...at, found: type.shape, wanted: shape })
}
