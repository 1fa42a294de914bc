import type { Code, FactsOf } from '../diagnostics/catalogue/index.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic, FilePlace } from '../diagnostics/diagnostic.ts'
import { inferDerived } from './derivations.ts'
import type { DerivedParameter, Graph, Node, Parameter, ValueId } from './graph.ts'
import { isProblem, type OpDefinition, type ParameterDefinition, type Problem } from './ops/definition.ts'
import { operatorOf } from './ops/index.ts'
import { elements, formatType, isSameType, sameShape, type TensorType } from './tensor-type.ts'
import { MAX_OPERATORS, MAX_VALUES } from './limits.ts'
import { MAX_ELEMENTS } from './ops/operator.ts'

/** Something wrong with a graph; it becomes a diagnostic when it is known which file the graph is from. */
type Fault = (place: FilePlace) => Diagnostic

type Faults = Iterable<Fault>

const fault =
  <C extends Code>(code: C, facts: FactsOf<C>): Fault =>
  (place) =>
    diagnose(code, place, facts)

/** Names that must differ, and parts that must exist. */
function* nameFaults(graph: Graph): Faults {
  yield* duplicates(
    'operator',
    '/nodes',
    'path',
    graph.nodes.map(({ path }) => path),
  )
  yield* duplicates(
    'parameter',
    '/parameters',
    'name',
    graph.parameters.map(({ name }) => name),
  )
  yield* duplicates(
    'part',
    '/parts',
    'name',
    graph.parts.map(({ name }) => name),
  )
  const parts = new Set(graph.parts.map(({ name }) => name))
  for (const [index, { provenance }] of graph.nodes.entries())
    if (provenance.part !== undefined && !parts.has(provenance.part)) {
      yield fault('E0813', { pointer: `/nodes/${index}/provenance/part`, part: provenance.part })
    }
}

function* duplicates(what: string, list: string, key: string, names: readonly string[]): Faults {
  const seen = new Set<string>()
  for (const [index, name] of names.entries()) {
    if (seen.has(name)) yield fault('E0812', { pointer: `${list}/${index}/${key}`, what, name })
    seen.add(name)
  }
}

type Definition = 'tensor' | 'parameter'

/** Which values are defined so far, while a graph is walked in its order. */
class Scope {
  readonly #definitions = new Map<ValueId, Definition>()
  readonly #graph: Graph

  constructor(graph: Graph) {
    this.#graph = graph
  }

  *define(value: ValueId, as: Definition, pointer: string): Faults {
    if (!(value in this.#graph.values)) yield fault('E0805', { pointer, value, use: 'unknown' })
    else if (this.#definitions.has(value)) yield fault('E0806', { pointer, value, times: 'twice' })
    else this.#definitions.set(value, as)
  }

  *use(value: ValueId, as: Definition, pointer: string): Faults {
    const definition = this.#definitions.get(value)
    if (definition === as) return
    const use = !(value in this.#graph.values)
      ? 'unknown'
      : definition === undefined
        ? 'early'
        : definition === 'parameter'
          ? 'parameter'
          : 'tensor'
    yield fault('E0805', { pointer, value, use })
  }

  *neverDefined(): Faults {
    for (const value of this.#graph.values.keys())
      if (!this.#definitions.has(value)) {
        yield fault('E0806', { pointer: `/values/${value}`, value, times: 'never' })
      }
  }
}

/** A parameter with its place in the graph's list, or `derived`. */
type ParametersByValue = ReadonlyMap<
  ValueId,
  { readonly parameter: Parameter; readonly index: number } | 'derived'
>

/** Whether an operator's inputs, results and parameters are what its definition says; all ids must be known. */
function* operatorFaults(graph: Graph, node: Node, parameters: ParametersByValue, pointer: string): Faults {
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
    if (found === undefined || isSameType(found.type, wanted)) continue
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
    const value = node.parameters[definition.role] ?? -1
    const entry = parameters.get(value)
    const facts = { path: node.path, role: definition.role }
    if (entry === undefined)
      yield fault('E0811', { pointer: `${pointer}/parameters`, ...facts, fault: 'missing' })
    else {
      if (entry !== 'derived') yield* oneParameterFaults(node, definition, entry)
      yield* parameterShapeFaults(graph, node, definition, value)
    }
  }
}

function* oneParameterFaults(
  { path }: Node,
  { role, trainable }: ParameterDefinition,
  { parameter, index }: { readonly parameter: Parameter; readonly index: number },
): Faults {
  const pointer = `/parameters/${index}`
  if (parameter.role !== role || !parameter.name.endsWith(`.${role}`))
    yield fault('E0811', { pointer: `${pointer}/name`, path, role, fault: 'misnamed' })
  if (parameter.trainable !== trainable)
    yield fault('E0811', { pointer: `${pointer}/trainable`, path, role, fault: 'trainable' })
}

function* parameterShapeFaults(
  graph: Graph,
  { path }: Node,
  { role, shape }: ParameterDefinition,
  value: ValueId,
): Faults {
  const type = graph.values[value]?.type
  if (type === undefined || sameShape(type, { shape })) return
  const at = { pointer: `/values/${value}/type`, what: `the ${role} of \`${path}\`` }
  yield fault('E0810', { ...at, found: type.shape, wanted: shape })
}

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
  const parameters = new Map<ValueId, { parameter: Parameter; index: number } | 'derived'>(
    graph.parameters.map((parameter, index) => [parameter.value, { parameter, index }] as const),
  )
  for (const [i, derived] of graph.derived.entries()) {
    yield* derivedFaults(graph, derived, scope, `/derived/${i}`)
    parameters.set(derived.value, 'derived')
  }
  for (const [i, node] of graph.nodes.entries())
    yield* nodeFaults(graph, node, scope, parameters, `/nodes/${i}`)
  for (const [i, id] of graph.outputs.entries()) yield* scope.use(id, 'tensor', `/outputs/${i}`)
  for (const [i, { output, others = [] }] of graph.parts.entries()) {
    yield* scope.use(output, 'tensor', `/parts/${i}/output`)
    for (const [j, other] of others.entries()) yield* scope.use(other, 'tensor', `/parts/${i}/others/${j}`)
  }
  yield* scope.neverDefined()
  yield* useFaults(graph)
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

/** A derived parameter reads parameters that are there before it, and its type is what its operation gives. */
function* derivedFaults(graph: Graph, derived: DerivedParameter, scope: Scope, pointer: string): Faults {
  const { value, operation, inputs, attributes } = derived
  const references = inputs.flatMap((id, i) => [...scope.use(id, 'parameter', `${pointer}/inputs/${i}`)])
  yield* references
  yield* scope.define(value, 'parameter', `${pointer}/value`)
  if (references.length > 0) return
  const types = inputs.flatMap((id) => graph.values[id]?.type ?? [])
  const type = inferDerived(operation, types, attributes)
  const found = graph.values[value]?.type
  if (typeof type === 'string') yield fault('E0815', { pointer, operation, fault: type })
  else if (found !== undefined && !isSameType(found, type)) {
    const wrong = `gives ${formatType(type)}, and its value is said to be ${formatType(found)}`
    yield fault('E0815', { pointer, operation, fault: wrong })
  }
}

/** What no operator uses, directly or derived, would ask a checkpoint for values in vain. */
function* useFaults(graph: Graph): Faults {
  const used = new Set<ValueId>()
  for (const node of graph.nodes) for (const id of Object.values(node.parameters)) used.add(id)
  for (const { inputs } of graph.derived) for (const id of inputs) used.add(id)
  for (const [index, { value, name }] of graph.parameters.entries())
    if (!used.has(value)) yield fault('E0814', { pointer: `/parameters/${index}`, name })
  for (const [index, { value, operation }] of graph.derived.entries())
    if (!used.has(value))
      yield fault('E0815', { pointer: `/derived/${index}`, operation, fault: 'makes what nothing uses' })
}

/** Broken invariants of a graph that the compiler made: its own fault, not the user's. Empty when sound. */
export function verifyGraph(graph: Graph): readonly string[] {
  return faultsOf(graph).map((fault) => {
    const { code, message } = fault({ path: graph.name })
    return `${code}: ${message}`
  })
}
