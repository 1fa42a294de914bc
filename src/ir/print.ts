import { printable } from '../diagnostics/printable.ts'
import type { Location } from '../source/span.ts'
import {
  attributeEntries,
  type Graph,
  type NetworkMetadata,
  type Node,
  type Part,
  type ValueId,
} from './graph.ts'
import { canonicalGraph } from './canonical.ts'
import type { AttributeValue } from './ops/definition.ts'
import { formatType } from './tensor-type.ts'

/**
 * A graph as text for people and golden files: one operator a line in the order of execution, grouped by part.
 * `%3: 64 x 56 x 56 = conv(%1) {stride: [1, 1]} [weight: %2]`; comments hold path and place in the source.
 */
export function printGraph(given: Graph): string {
  const graph = canonicalGraph(given)
  const type = (id: ValueId): string => typed(graph, id)
  const names: Names = new Map(graph.parameters.map(({ value, name }) => [value, name]))
  const lines = [
    ...(graph.doc ?? '').split('\n').flatMap((line) => (line === '' ? [] : [`/// ${printable(line)}`])),
    `network ${printable(graph.name)}(${graph.inputs.map(type).join(', ')})`,
    ...metadataLines(graph.metadata),
    ...derivedLines(graph, names),
    ...bodyLines(graph, names),
    '',
    `return ${graph.outputs.map(type).join(', ')}`,
  ]
  return `${lines.join('\n')}\n`
}

/** Names of the parameters, by their values. */
type Names = ReadonlyMap<ValueId, string>

/** How derived parameters are computed, each in a line: `%9: 64 = rsqrt(%8)`; parameters that they read by name. */
function derivedLines(graph: Graph, names: Names): string[] {
  if (graph.derived.length === 0) return []
  const operand = (id: ValueId): string => {
    const name = names.get(id)
    return name === undefined ? `%${id}` : `%${id} ${printable(name)}`
  }
  const lines = graph.derived.map(({ value, operation, inputs, attributes }) => {
    const given = Object.entries(attributes)
    const more = given.length === 0 ? '' : ` ${braces(given)}`
    return `  ${typed(graph, value)} = ${operation}(${inputs.map(operand).join(', ')})${more}`
  })
  return ['', 'derived parameters', ...lines]
}

function bodyLines(graph: Graph, names: Names): string[] {
  const parts = new Map(graph.parts.map((part) => [part.name, part]))
  let current: string | undefined | null = null
  return graph.nodes.flatMap((node) => {
    const { part } = node.provenance
    const heading = part === current ? [] : ['', headingOf(graph, parts.get(part ?? ''))]
    current = part
    return [...heading, nodeLine(graph, node, names)]
  })
}

function headingOf(graph: Graph, part: Part | undefined): string {
  if (part === undefined) return 'no part'
  const name = part.kind === part.name ? part.kind : `${part.kind} ${printable(part.name)}`
  const outputs = [part.output, ...(part.others ?? [])].map((id) => typed(graph, id))
  return commented(`${name} -> ${outputs.join(', ')}`, place(part.location))
}

function nodeLine(graph: Graph, node: Node, names: Names): string {
  const results = node.outputs.map((id) => typed(graph, id)).join(', ')
  const inputs = node.inputs.map((id) => `%${id}`).join(', ')
  const call = `  ${results} = ${node.op}(${inputs})${attributesText(node)}${parametersText(graph, node, names)}`
  return commented(call, `${printable(node.path)} ${place(node.provenance.location)}`)
}

function attributesText(node: Node): string {
  const entries = attributeEntries(node)
  return entries.length === 0 ? '' : ` ${braces(entries)}`
}

/** The parameter's name follows where it was made for another node, which shares it. */
function parametersText(graph: Graph, { path, parameters }: Node, names: Names): string {
  const entries = Object.entries(parameters).map(([role, id]) => {
    const name = names.get(id)
    const isOwn = name === undefined || name === `${path}.${role}`
    return `${role} ${typed(graph, id)}${isOwn ? '' : ` ${printable(name)}`}`
  })
  return entries.length === 0 ? '' : ` [${entries.join(', ')}]`
}

const typed = (graph: Graph, id: ValueId): string => {
  const value = graph.values[id]
  return `%${id}: ${value === undefined ? '?' : formatType(value.type)}`
}

type Printable = AttributeValue | Readonly<Record<string, AttributeValue>>

const braces = (entries: readonly (readonly [string, Printable])[]): string =>
  `{${entries.map(([name, value]) => `${name}: ${valueText(value)}`).join(', ')}}`

function valueText(value: Printable): string {
  if (typeof value === 'string') return printable(JSON.stringify(value))
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return isList(value) ? `[${value.join(', ')}]` : braces(Object.entries(value))
}

const isList = (value: object): value is readonly number[] => Array.isArray(value)

/** Every field, so that goldens show a change of any. */
const metadataLines = (metadata: NetworkMetadata): string[] =>
  Object.entries(metadata).map(([name, value]: [string, Printable]) => `  ${name}: ${valueText(value)}`)

const place = ({ file, line, column }: Location): string => `${printable(file)}:${line}:${column}`

const commented = (line: string, comment: string): string => `${line}  # ${comment}`
