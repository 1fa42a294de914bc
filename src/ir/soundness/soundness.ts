import type { Graph, Node, ValueId } from '../graph.ts'
import { MAX_OPERATORS, MAX_VALUES } from '../limits.ts'
import { MAX_ELEMENTS } from '../ops/operator.ts'
import { elements } from '../tensor-type.ts'
import { fault, type Fault, type Faults } from './fault.ts'
import { nameFaults } from './names.ts'
import { operatorFaults, type ParametersByValue } from './operators.ts'
import { Scope } from './scope.ts'

/** The first faults are enough to act on; a broken file may have millions. */
const FAULT_LIMIT = 20

/**
 * What is wrong with a graph whose form is right: single assignment, order, types as the operators infer them,
 * parameters as the operators demand, names. At most 20 faults; time and memory are linear in the graph's size.
 */
export function faultsOf(graph: Graph): readonly Fault[] {
  const faults: Fault[] = []
  for (const found of allFaults(graph)) {
    faults.push(found)
    if (faults.length === FAULT_LIMIT) break
  }
  return faults
}

function* allFaults(graph: Graph): Faults {
  yield* sizeFaults(graph)
  yield* valueFaults(graph)
  yield* nameFaults(graph)
  yield* dataflowFaults(graph)
}

function* sizeFaults(graph: Graph): Faults {
  const limits = [
    { pointer: '/nodes', what: 'a number of operators', amount: graph.nodes.length, limit: MAX_OPERATORS },
    { pointer: '/values', what: 'a number of values', amount: graph.values.length, limit: MAX_VALUES },
  ]
  for (const facts of limits) if (facts.amount > facts.limit) yield fault('E0804', facts)
}

function* valueFaults(graph: Graph): Faults {
  for (const [index, { id, type }] of graph.values.entries()) {
    const pointer = `/values/${index}`
    if (id !== index) yield fault('E0807', { pointer: `${pointer}/id`, value: id, index })
    const facts = {
      pointer: `${pointer}/type`,
      what: 'a size in elements',
      amount: elements(type),
      limit: MAX_ELEMENTS,
    }
    if (facts.amount > MAX_ELEMENTS) yield fault('E0804', facts)
  }
}

function* dataflowFaults(graph: Graph): Faults {
  const scope = new Scope(graph)
  for (const [i, id] of graph.inputs.entries()) yield* scope.define(id, 'tensor', `/inputs/${i}`)
  for (const [i, { value }] of graph.parameters.entries())
    yield* scope.define(value, 'parameter', `/parameters/${i}/value`)
  const parameters = new Map(
    graph.parameters.map((parameter, index) => [parameter.value, { parameter, index }] as const),
  )
  for (const [i, node] of graph.nodes.entries())
    yield* nodeFaults(graph, node, scope, parameters, `/nodes/${i}`)
  for (const [i, id] of graph.outputs.entries()) yield* scope.use(id, 'tensor', `/outputs/${i}`)
  for (const [i, { output, others = [] }] of graph.parts.entries()) {
    yield* scope.use(output, 'tensor', `/parts/${i}/output`)
    for (const [j, other] of others.entries()) yield* scope.use(other, 'tensor', `/parts/${i}/others/${j}`)
  }
  yield* scope.neverDefined()
  yield* ownershipFaults(graph)
}

/** References first: only where all of them hold can the operator's own rules be asked. */
function* nodeFaults(
  graph: Graph,
  node: Node,
  scope: Scope,
  parameters: ParametersByValue,
  pointer: string,
): Faults {
  const references = [...referenceFaults(node, scope, pointer)]
  if (references.length === 0) yield* operatorFaults(graph, node, parameters, pointer)
  else yield* references
}

function* referenceFaults(node: Node, scope: Scope, pointer: string): Faults {
  for (const [i, id] of node.inputs.entries()) yield* scope.use(id, 'tensor', `${pointer}/inputs/${i}`)
  for (const [role, id] of Object.entries(node.parameters))
    yield* scope.use(id, 'parameter', `${pointer}/parameters/${role}`)
  for (const [i, id] of node.outputs.entries()) yield* scope.define(id, 'tensor', `${pointer}/outputs/${i}`)
}

function* ownershipFaults(graph: Graph): Faults {
  const owners = new Map<ValueId, number>()
  for (const node of graph.nodes)
    for (const id of Object.values(node.parameters)) owners.set(id, (owners.get(id) ?? 0) + 1)
  for (const [index, { value, name }] of graph.parameters.entries())
    if (owners.get(value) !== 1) yield fault('E0814', { pointer: `/parameters/${index}`, name })
}
