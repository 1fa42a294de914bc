import type { Graph, Node, ValueId } from '../ir/graph.ts'
import { operatorOf } from '../ir/ops/index.ts'
import { elements, type TensorType } from '../ir/tensor-type.ts'
import type { Analysis, LayerAnalysis, StageAnalysis } from './analysis.ts'

/** Name of the row of the operators that belong to no part. */
const OTHER = 'other'

/**
 * Counts parameters (trainable ones only) and multiply-accumulates for one image, per layer, per part and in
 * total. The total of either is the sum over the parts, and a part's the sum over its layers.
 */
export function analyze(graph: Graph): Analysis {
  const layers = graph.nodes.map((node) => layerOf(graph, node))
  const buffers = graph.parameters.filter(({ trainable }) => !trainable)
  return {
    network: graph.name,
    input: shapeOf(graph, graph.inputs[0]),
    parameters: total(layers, 'parameters'),
    buffer_elements: sum(buffers.map(({ value }) => elements(typeOf(graph, value)))),
    macs: total(layers, 'macs'),
    fixed_macs: total(layers, 'fixed_macs'),
    stages: stagesOf(graph, layers),
    layers,
  }
}

function layerOf(graph: Graph, node: Node): LayerAnalysis {
  const inputs = node.inputs.map((id) => typeOf(graph, id))
  const outputs = node.outputs.map((id) => typeOf(graph, id))
  const definition = operatorOf(node.op)
  const trainable = (definition.parameters?.(node.attributes, inputs) ?? []).filter(
    (parameter) => parameter.trainable,
  )
  const cost = definition.cost?.(node.attributes, inputs, outputs)
  return {
    path: node.path,
    op: node.op,
    part: node.provenance.part ?? null,
    output: shapeOf(graph, node.outputs[0]),
    parameters: sum(trainable.map(({ shape }) => elements({ dtype: 'float32', shape }))),
    macs: cost?.macs ?? 0,
    fixed_macs: cost?.fixedMacs ?? 0,
  }
}

/** Every part in order, and last, if there is any, what belongs to none. */
function stagesOf(graph: Graph, layers: readonly LayerAnalysis[]): StageAnalysis[] {
  const groups = groupByPart(layers)
  const stages: StageAnalysis[] = graph.parts.map(({ name, kind, output, others }) => ({
    name,
    kind,
    output: shapeOf(graph, output),
    ...(others === undefined ? {} : { other_outputs: others.map((id) => shapeOf(graph, id)) }),
    ...totals(groups.get(name) ?? []),
  }))
  const rest = groups.get(null)
  const last = rest?.at(-1)
  if (rest === undefined || last === undefined) return stages
  return [...stages, { name: OTHER, kind: OTHER, output: last.output, ...totals(rest) }]
}

function groupByPart(layers: readonly LayerAnalysis[]): Map<string | null, LayerAnalysis[]> {
  const groups = new Map<string | null, LayerAnalysis[]>()
  for (const layer of layers) {
    const group = groups.get(layer.part)
    if (group === undefined) groups.set(layer.part, [layer])
    else group.push(layer)
  }
  return groups
}

type Count = 'parameters' | 'macs' | 'fixed_macs'

const totals = (layers: readonly LayerAnalysis[]): Record<Count, number> => ({
  parameters: total(layers, 'parameters'),
  macs: total(layers, 'macs'),
  fixed_macs: total(layers, 'fixed_macs'),
})

const total = (layers: readonly LayerAnalysis[], count: Count): number =>
  sum(layers.map((layer) => layer[count]))

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

function typeOf(graph: Graph, id: ValueId): TensorType {
  const value = graph.values[id]
  if (value === undefined) throw new Error(`value ${id} is not of this graph`)
  return value.type
}

const shapeOf = (graph: Graph, id: ValueId | undefined): readonly number[] =>
  id === undefined ? [] : [...typeOf(graph, id).shape]
