import type { Graph, ValueId } from '../ir/graph.ts'
import type { StageAnalysis } from './analysis.ts'
import { countsOf, sumOf } from './counts.ts'
import { typeOf } from './execution/types.ts'
import type { Layer } from './layers.ts'

/** Name of the row of the operators that belong to no part. */
const OTHER = 'other'

/** Every part in order, and last, if there is any, what belongs to none. */
export function stagesOf(
  graph: Graph,
  layers: readonly Layer[],
  batch: number,
  whole?: number,
): StageAnalysis[] {
  const groups = groupByPart(layers)
  const counts = (group: readonly Layer[]) =>
    countsOf(sumOf(group.map(({ amounts }) => amounts)), batch, whole)
  const stages = graph.parts.map(({ name, kind, output, others }): StageAnalysis => ({
    name,
    kind,
    output: shapeOf(graph, output),
    ...(others === undefined ? {} : { other_outputs: others.map((id) => shapeOf(graph, id)) }),
    ...counts(groups.get(name) ?? []),
  }))
  const rest = groups.get(undefined)
  const last = rest?.at(-1)?.typed.node.outputs[0]
  if (rest === undefined || last === undefined) return stages
  return [...stages, { name: OTHER, kind: OTHER, output: shapeOf(graph, last), ...counts(rest) }]
}

function groupByPart(layers: readonly Layer[]): Map<string | undefined, Layer[]> {
  const groups = new Map<string | undefined, Layer[]>()
  for (const layer of layers) {
    const { part } = layer.typed.node.provenance
    const group = groups.get(part)
    if (group === undefined) groups.set(part, [layer])
    else group.push(layer)
  }
  return groups
}

/** Without the batch. */
const shapeOf = (graph: Graph, id: ValueId): readonly number[] => [...typeOf(graph, id).shape]
