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
import { formatShape } from './tensor-type.ts'

/**
 * A graph as text for people and golden files: one operator a line in the order of execution, grouped by part.
 * `%3: 64 x 56 x 56 = conv(%1) {stride: [1, 1]} [weight: %2]`; comments hold path and place in the source.
 */
export function printGraph(given: Graph): string {
  const graph = canonicalGraph(given)
  const type = (id: ValueId): string => typed(graph, id)
  const lines = [
    ...(graph.doc ?? '').split('\n').flatMap((line) => (line === '' ? [] : [`/// ${printable(line)}`])),
    `network ${printable(graph.name)}(${graph.inputs.map(type).join(', ')})`,
    ...metadataLines(graph.metadata),
    ...bodyLines(graph),
    '',
    `return ${graph.outputs.map(type).join(', ')}`,
  ]
  return `${lines.join('\n')}\n`
}

function bodyLines(graph: Graph): string[] {
  const parts = new Map(graph.parts.map((part) => [part.name, part]))
  let current: string | undefined | null = null
  return graph.nodes.flatMap((node) => {
    const { part } = node.provenance
    const heading = part === current ? [] : ['', headingOf(graph, parts.get(part ?? ''))]
    current = part
    return [...heading, nodeLine(graph, node)]
  })
}

function headingOf(graph: Graph, part: Part | undefined): string {
  if (part === undefined) return 'no part'
  const name = part.kind === part.name ? part.kind : `${part.kind} ${printable(part.name)}`
  const outputs = [part.output, ...(part.others ?? [])].map((id) => typed(graph, id))
  return commented(`${name} -> ${outputs.join(', ')}`, place(part.location))
}

function nodeLine(graph: Graph, node: Node): string {
  const results = node.outputs.map((id) => typed(graph, id)).join(', ')
  const inputs = node.inputs.map((id) => `%${id}`).join(', ')
  const call = `  ${results} = ${node.op}(${inputs})${attributesText(node)}${parametersText(graph, node)}`
  return commented(call, `${printable(node.path)} ${place(node.provenance.location)}`)
}

function attributesText(node: Node): string {
  const entries = attributeEntries(node)
  return entries.length === 0 ? '' : ` ${braces(entries)}`
}

function parametersText(graph: Graph, { parameters }: Node): string {
  const entries = Object.entries(parameters).map(([role, id]) => `${role} ${typed(graph, id)}`)
  return entries.length === 0 ? '' : ` [${entries.join(', ')}]`
}

const typed = (graph: Graph, id: ValueId): string => {
  const value = graph.values[id]
  return `%${id}: ${value === undefined ? '?' : formatShape(value.type)}`
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
