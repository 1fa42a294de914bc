/**
 * Writes docs/operators.md from the operators' records: `npx vitest run test/docs/operators.test.ts -u`.
 * What an example gives is compiled.
 */
import type { ArgumentDefinition, ArgumentValue, OpDefinition, Spelling } from '../src/ir/ops/definition.ts'
import { chapters, isProblem } from '../src/ir/ops/definition.ts'
import type { Graph, Node, ValueId } from '../src/ir/graph.ts'
import { elaborate } from '../src/elaborate/elaborate.ts'
import { operatorOf, opNamesInOrder, type OpName } from '../src/ir/ops/index.ts'
import { formatShape, tensor } from '../src/ir/tensor-type.ts'
import { loadProgram } from '../src/project/load.ts'

/** The whole page. */
export function operatorsReference(): string {
  const body = chapters.flatMap((chapter) => [`## ${chapter}`, ...opsOf(chapter).flatMap(sections)])
  return `${[introduction, chapters.map(contentsLine).join('\n'), ...body].join('\n\n')}\n`
}

const introduction = `# Operators

The primitive operators of \`.arch\`: all that the compiler knows by itself. [language.md](language.md) explains the
language around them. This page is generated from the operators' records (\`src/ir/ops\`); its examples are compiled.

- A **map** is channels x height x width, written \`C x H x W\`. A **vector** is \`F\` features. The batch is never written.
- Arguments are given in the order shown, or by name: \`conv(64, 3, groups: 32)\`. One without a default must be
  given, unless its type ends in \`?\`.
- A **size** is an int, for height and width alike, or \`[height, width]\`.
- A **padding** is an int, \`[height, width]\`, \`[top, right, bottom, left]\`, or one of three words. \`"same"\`: dilation *
  (kernel - 1) / 2 on every side, for odd kernels only. \`"same_tf"\`: TensorFlow's SAME, which makes the result
  the input over the stride, rounded up, and puts the odd pixel at the bottom and right. \`"valid"\`: none.
- **window(H)** is the height that a sliding window leaves: (H + top + bottom - dilation * (kernel - 1) - 1) // stride + 1.
  window(W) likewise. It must be at least 1.
- MACs are multiply-accumulates of learned filters for one image. A bias is not counted.`

type Chapter = (typeof chapters)[number]

const opsOf = (chapter: Chapter): readonly OpName[] =>
  opNamesInOrder.filter((op) => operatorOf(op).reference.chapter === chapter)

const contentsLine = (chapter: Chapter): string => {
  const names = opsOf(chapter).flatMap((op) => operatorOf(op).spellings.map(({ name }) => name))
  return `- ${chapter}: ${names.map((name) => `[${name}](#${name})`).join(', ')}`
}

/** One section for each spelling. */
function sections(op: OpName): string[] {
  const definition = operatorOf(op)
  return definition.spellings.flatMap((spelling) => [
    `### ${spelling.name}`,
    `\`${signature(spelling)}\``,
    spelling.doc,
    ...(spelling.doc === definition.doc ? [] : [definition.doc]),
    ...(spelling.arguments.length === 0 ? [] : [argumentTable(spelling.arguments)]),
    facts(op, definition, spelling.name),
  ])
}

function signature({ name, arguments: all }: Pick<Spelling<never>, 'name' | 'arguments'>): string {
  const texts = all.map(({ name, default: value, optional }) =>
    value === undefined ? `${name}${optional === true ? '?' : ''}` : `${name} = ${valueText(value)}`,
  )
  return texts.length === 0 ? name : `${name}(${texts.join(', ')})`
}

function valueText(value: ArgumentValue): string {
  if (typeof value !== 'object' || !('attributes' in value)) return JSON.stringify(value)
  const given = Object.values(value.attributes).map((one) => JSON.stringify(one))
  return given.length === 0 ? value.name : `${value.name}(${given.join(', ')})`
}

function argumentTable(all: readonly ArgumentDefinition[]): string {
  const rows = all.map(
    ({ name, type, default: value, optional, doc }) =>
      `| \`${name}\` | ${type}${optional === true ? '?' : ''} | ${value === undefined ? '' : `\`${valueText(value)}\``} | ${doc} |`,
  )
  return ['| argument | type | default | |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function facts(op: OpName, definition: OpDefinition, name: string): string {
  const { result, examples } = definition.reference
  const [input, call] = examples[name] ?? []
  if (input === undefined || call === undefined) throw new Error(`no example of \`${name}\``)
  return [
    `- Takes ${inputsText(definition)}.`,
    `- Gives ${result}.`,
    ...(definition.isActivation === true ? ['- Is a value of type `activation`.'] : []),
    ...(definition.trainingOnly === true ? ['- Passes its input through outside of training.'] : []),
    `- \`${call}\` of \`${input}\` gives ${compiled(op, input, call)}.`,
  ].join('\n')
}

function inputsText({ infer, inputs: { min, max } }: OpDefinition): string {
  const many = min === max ? (min === 1 ? 'one tensor' : `${min} tensors`) : `${min} or more tensors`
  // Every operator looks at ranks first, and refuses a wrong one with E0302.
  const takes = (...shape: number[]): boolean => {
    const answer = infer(
      {},
      Array.from({ length: min }, () => tensor(...shape)),
    )
    return !isProblem(answer) || answer.problem !== 'E0302'
  }
  if (!takes(4, 4, 4)) return `${many}: a vector, or a map of \`F x 1 x 1\``
  return `${many}: ${takes(4) ? 'a map or a vector' : 'a map'}`
}

/** What the example makes, by the compiler. */
function compiled(op: OpName, input: string, call: string): string {
  const statement = call.includes(' = ') ? call : `y = ${call}`
  const [targets = ''] = statement.split(' = ')
  const text = `network example() {\n  input ${input}\n  ${statement}\n  return ${targets}\n}\n`
  const read = (path: string) => (path === 'example.arch' ? text : undefined)
  const { graph, diagnostics } = elaborate(loadProgram('example.arch', { read, library: () => [] }))
  const node = graph?.nodes.find((one) => one.op === op)
  if (graph === undefined || node === undefined)
    throw new Error(`${call}: ${diagnostics.map(({ message }) => message).join('; ')}`)
  return [
    node.outputs.map((id) => `\`${shapeOf(graph, id)}\``).join(' and '),
    ...parametersAndWork(graph, node),
  ].join('; ')
}

const typeOf = (graph: Graph, id: ValueId) => graph.values[id]?.type ?? tensor()
const shapeOf = (graph: Graph, id: ValueId): string => formatShape(typeOf(graph, id))

function parametersAndWork(graph: Graph, node: Node): string[] {
  const parameters = Object.entries(node.parameters).map(([role, id]) => `\`${role}\` ${shapeOf(graph, id)}`)
  const types = (ids: readonly ValueId[]) => ids.map((id) => typeOf(graph, id))
  const { inference } = operatorOf(node.op).cost(node.attributes, types(node.inputs), types(node.outputs))
  return [
    ...(parameters.length === 0 ? [] : [`parameters ${parameters.join(', ')}`]),
    ...(inference.macs === 0 ? [] : [`${inference.macs.toLocaleString('en')} MACs`]),
    ...(inference.fixedMacs === 0
      ? []
      : [`${inference.fixedMacs.toLocaleString('en')} MACs of fixed filters`]),
  ]
}
