import { derivations, type ParameterValues } from '../ir/derivations.ts'
import type { DerivedParameter, Graph, ValueId } from '../ir/graph.ts'
import { typeOf } from '../ir/view.ts'
import type { Weights } from './weights.ts'

/**
 * The values of a parameter in logical layout.
 * @throws Error where the weights lack it, or one that it is derived from
 */
export type ParameterReader = (id: ValueId) => Float32Array

/**
 * Reads the parameters of a graph, by value. Derived ones are computed in float64 when they are asked for, from the values
 * of those that they read, and rounded to float32 at the end. What they are computed by on the way is kept, as it is small
 * beside them and several read it; they themselves are not.
 */
export function parameterReader(graph: Graph, weights: Weights): ParameterReader {
  const names = new Map(graph.parameters.map(({ value, name }) => [value, name]))
  const places = new Map(graph.derived.map(({ value }, place) => [value, place]))
  const computed = new Map<ValueId, Float64Array>()
  const given = (id: ValueId): Float32Array => {
    const name = names.get(id) ?? `value ${id}`
    const values = weights.get(name)
    if (values === undefined) throw new Error(`the weights have no values for ${name}`)
    return values
  }
  const compute = ({ value, operation, inputs, attributes }: DerivedParameter): Float64Array => {
    const operands = inputs.map((id): ParameterValues => {
      const data = computed.get(id) ?? Float64Array.from(given(id))
      return { type: typeOf(graph, id), data }
    })
    return derivations[operation].evaluate(operands, attributes, typeOf(graph, value))
  }
  return (id) => {
    const wanted = graph.derived[places.get(id) ?? -1]
    if (wanted === undefined) return given(id)
    for (const each of before(graph, wanted, places))
      if (!computed.has(each.value)) computed.set(each.value, compute(each))
    return Float32Array.from(compute(wanted))
  }
}

/** The derived parameters that one is computed from, in order; itself not among them. */
function before(
  graph: Graph,
  wanted: DerivedParameter,
  places: ReadonlyMap<ValueId, number>,
): readonly DerivedParameter[] {
  const found = new Set<number>()
  const open = [...wanted.inputs]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const place = places.get(id)
    if (place === undefined || found.has(place)) continue
    found.add(place)
    open.push(...(graph.derived[place]?.inputs ?? []))
  }
  return [...found].sort((a, b) => a - b).flatMap((place) => graph.derived[place] ?? [])
}
