import type { Location } from '../source/span.ts'
import {
  attributeEntries,
  type DerivedParameter,
  type Graph,
  type NetworkMetadata,
  type Node,
  type Parameter,
  type Part,
  type Provenance,
  type Value,
} from './graph.ts'

/** The same graph with the keys of every object in one fixed order: equal graphs become equal texts. */
export function canonicalGraph(graph: Graph): Graph {
  const { name, doc, metadata, values, inputs, outputs, parameters, derived, nodes, parts, leftOut } = graph
  return {
    name,
    ...(doc === undefined ? {} : { doc }),
    metadata: canonicalMetadata(metadata),
    values: values.map(({ id, type }): Value => ({
      id,
      type: { dtype: type.dtype, shape: [...type.shape] },
    })),
    inputs: [...inputs],
    outputs: [...outputs],
    parameters: parameters.map(canonicalParameter),
    derived: derived.map(canonicalDerived),
    nodes: nodes.map(canonicalNode),
    parts: parts.map(canonicalPart),
    ...(leftOut === undefined ? {} : { leftOut: [...leftOut] }),
  }
}

function canonicalMetadata(metadata: NetworkMetadata): NetworkMetadata {
  const { mean, std, resize, interpolation, labels, names, convInit, linearInit, paper } = metadata
  return {
    mean: [...mean],
    std: [...std],
    resize: typeof resize === 'number' ? resize : [...resize],
    interpolation,
    ...(labels === undefined ? {} : { labels }),
    ...(names === undefined ? {} : { names }),
    convInit: { ...convInit },
    linearInit: { ...linearInit },
    ...(paper === undefined ? {} : { paper }),
  }
}

const canonicalParameter = ({ value, name, role, trainable, initial }: Parameter): Parameter => {
  return { value, name, role, trainable, initial: { ...initial } }
}

const canonicalDerived = ({ value, operation, inputs, attributes }: DerivedParameter): DerivedParameter => ({
  value,
  operation,
  inputs: [...inputs],
  attributes: Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))),
})

function canonicalNode(node: Node): Node {
  const { weight, bias, running_mean, running_var } = node.parameters
  return {
    op: node.op,
    path: node.path,
    attributes: Object.fromEntries(attributeEntries(node)),
    inputs: [...node.inputs],
    parameters: {
      ...(weight === undefined ? {} : { weight }),
      ...(bias === undefined ? {} : { bias }),
      ...(running_mean === undefined ? {} : { running_mean }),
      ...(running_var === undefined ? {} : { running_var }),
    },
    outputs: [...node.outputs],
    provenance: canonicalProvenance(node.provenance),
  }
}

function canonicalProvenance({ location, part, repetition, blocks }: Provenance): Provenance {
  return {
    location: canonicalLocation(location),
    ...(part === undefined ? {} : { part }),
    ...(repetition === undefined ? {} : { repetition }),
    blocks: blocks.map(({ name, location: called }) => ({ name, location: canonicalLocation(called) })),
  }
}

const canonicalLocation = ({ file, line, column }: Location): Location => ({ file, line, column })

const canonicalPart = ({ kind, name, output, others, location }: Part): Part => {
  const further = others === undefined ? {} : { others: [...others] }
  return { kind, name, output, ...further, location: canonicalLocation(location) }
}
