import type { DerivedParameter, Graph, Node, Part, ValueId } from '../ir/graph.ts'
import type { Use } from '../ir/liveness.ts'

/** The values that the outputs depend on, and with each operator all that it gives them by. Time is linear. */
export function liveValues(nodes: readonly Use[], outputs: readonly ValueId[]): ReadonlySet<ValueId> {
  const live = new Set(outputs)
  for (const node of [...nodes].reverse())
    if (node.outputs.some((id) => live.has(id))) for (const id of node.inputs) live.add(id)
  return live
}

/** Whether an operator or a part of this path, or some of it, was left out of the graph because nothing uses it. */
export const wasLeftOut = ({ leftOut = [] }: Graph, name: string): boolean =>
  leftOut.some((path) => path === name || path.startsWith(`${name}.`))

/**
 * The graph without the operators whose results reach no output, without the parameters that nothing uses then, and
 * without the parts that hand on nothing but such results. All else keeps its name and its order; values are numbered
 * anew without gaps. Where there is nothing to leave out, it is the same graph.
 */
export function withoutDeadCode(graph: Graph): Graph {
  const live = liveValues(graph.nodes, graph.outputs)
  const isLive = (node: Node): boolean => node.outputs.some((id) => live.has(id))
  const nodes = graph.nodes.filter(isLive)
  const kept = new Set(graph.inputs)
  for (const { outputs, parameters } of nodes)
    for (const id of [...outputs, ...Object.values(parameters)]) kept.add(id)
  const derived = usedDerived(graph.derived, kept)
  if (kept.size === graph.values.length) return graph
  const gone = graph.nodes.filter((node) => !isLive(node)).map(({ path }) => path)
  const leftOut = [...(graph.leftOut ?? []), ...gone]
  return renumbered({ ...graph, nodes, derived, ...(leftOut.length === 0 ? {} : { leftOut }) }, kept)
}

/** The derived parameters that lead to a kept one; adds to `kept` what they read. */
function usedDerived(derived: readonly DerivedParameter[], kept: Set<ValueId>): readonly DerivedParameter[] {
  const used: DerivedParameter[] = []
  for (const each of [...derived].reverse()) {
    if (!kept.has(each.value)) continue
    for (const id of each.inputs) kept.add(id)
    used.push(each)
  }
  return used.reverse()
}

/** The same graph with the kept values alone. */
function renumbered(graph: Graph, kept: ReadonlySet<ValueId>): Graph {
  const values = graph.values.filter(({ id }) => kept.has(id))
  const numbers = new Map(values.map(({ id }, index) => [id, index] as const))
  const numberOf = (id: ValueId): ValueId => {
    const number = numbers.get(id)
    if (number === undefined) throw new Error(`value ${id} was left out, and something uses it`)
    return number
  }
  return {
    ...graph,
    values: values.map(({ type }, id) => ({ id, type })),
    inputs: graph.inputs.map(numberOf),
    outputs: graph.outputs.map(numberOf),
    parameters: graph.parameters.flatMap((parameter) =>
      kept.has(parameter.value) ? [{ ...parameter, value: numberOf(parameter.value) }] : [],
    ),
    derived: graph.derived.map((each) => ({
      ...each,
      value: numberOf(each.value),
      inputs: each.inputs.map(numberOf),
    })),
    nodes: graph.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(numberOf),
      outputs: node.outputs.map(numberOf),
      parameters: Object.fromEntries(
        Object.entries(node.parameters).map(([role, id]) => [role, numberOf(id)]),
      ),
    })),
    parts: graph.parts.flatMap((part) => partOf(part, kept, numberOf)),
  }
}

/** A part with the tensors that are left of what it hands on; nothing where none is. */
function partOf(
  { output, others, ...part }: Part,
  kept: ReadonlySet<ValueId>,
  numberOf: (id: ValueId) => ValueId,
): Part[] {
  const [first, ...further] = [output, ...(others ?? [])].filter((id) => kept.has(id)).map(numberOf)
  if (first === undefined) return []
  return [{ ...part, output: first, ...(further.length > 0 ? { others: further } : {}) }]
}
