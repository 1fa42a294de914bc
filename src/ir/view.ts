import type { Graph, Node, ValueId } from './graph.ts'
import type { Attributes, Cost, ParameterRole } from './ops/definition.ts'
import { operatorOf } from './ops/index.ts'
import { elements, type TensorType } from './tensor-type.ts'

/**
 * A node with the types of its tensors and its cost at hand. Nodes that share one attributes object and types of the same
 * objects, as the repetitions of a stage do, share one `cost` object too.
 */
export interface TypedNode {
  /** Position in `graph.nodes`. */
  readonly index: number
  readonly node: Node
  readonly inputs: readonly TensorType[]
  readonly outputs: readonly TensorType[]
  readonly cost: Cost
}

/**
 * What analyses and passes ask of a graph again and again: types, costs, uses and producers. Whoever starts an analysis
 * makes one view and hands it on. Each answer is computed when it is first asked for, in time linear in the graph.
 */
export class GraphView {
  private typed: readonly TypedNode[] | undefined
  private readers: ReadonlyMap<ValueId, readonly TypedNode[]> | undefined
  private makers: ReadonlyMap<ValueId, TypedNode> | undefined
  private slots: ReadonlyMap<ValueId, Slot> | undefined
  private readonly graphOutputs: ReadonlySet<ValueId>

  constructor(readonly graph: Graph) {
    this.graphOutputs = new Set(graph.outputs)
  }

  /** The nodes in the order of execution. */
  get nodes(): readonly TypedNode[] {
    return (this.typed ??= typedNodes(this.graph))
  }

  typeOf(id: ValueId): TensorType {
    return typeOf(this.graph, id)
  }

  /** The nodes that read a value, in order; a node that reads it twice is there twice. */
  readersOf(id: ValueId): readonly TypedNode[] {
    this.readers ??= readersIn(this.nodes)
    return this.readers.get(id) ?? []
  }

  /** The node that makes a value; none for inputs and parameters. */
  producerOf(id: ValueId): TypedNode | undefined {
    this.makers ??= new Map(this.nodes.flatMap((typed) => typed.node.outputs.map((made) => [made, typed])))
    return this.makers.get(id)
  }

  /**
   * The parameters and derived parameters that nodes read, in the order in which they are first read. That is what a model
   * holds: a shared one is there once, and what only others are derived from is not.
   */
  get heldParameters(): readonly HeldParameter[] {
    return [...this.slotsByValue].map(([value, { role }]) => ({
      value,
      elements: elements(this.typeOf(value)),
      isLearned: learned[role],
    }))
  }

  /** Elements of the parameters that training learns and no earlier node reads: summed over the nodes, each counts once. */
  ownParameters({ node, index }: TypedNode): number {
    let sum = 0
    for (const role of roles) {
      const id = node.parameters[role]
      if (id === undefined || !learned[role]) continue
      if (this.slotsByValue.get(id)?.node === index) sum += elements(this.typeOf(id))
    }
    return sum
  }

  private get slotsByValue(): ReadonlyMap<ValueId, Slot> {
    return (this.slots ??= firstSlots(this.graph))
  }

  /** Whether the network returns the value. */
  isReturned(id: ValueId): boolean {
    return this.graphOutputs.has(id)
  }
}

function typedNodes(graph: Graph): readonly TypedNode[] {
  const known = new Map<Attributes, TypedNode>()
  return graph.nodes.map((node, index) => {
    const typed = typedNode(graph, node, index, known.get(node.attributes))
    known.set(node.attributes, typed)
    return typed
  })
}

function typedNode(graph: Graph, node: Node, index: number, like: TypedNode | undefined): TypedNode {
  const inputs = node.inputs.map((id) => typeOf(graph, id))
  const outputs = node.outputs.map((id) => typeOf(graph, id))
  const isSame = like?.node.op === node.op && areSame(like.inputs, inputs) && areSame(like.outputs, outputs)
  const cost = isSame ? like.cost : operatorOf(node.op).cost(node.attributes, inputs, outputs)
  return { index, node, inputs, outputs, cost }
}

const areSame = (a: readonly TensorType[], b: readonly TensorType[]): boolean =>
  a.length === b.length && a.every((type, index) => type === b[index])

function readersIn(nodes: readonly TypedNode[]): ReadonlyMap<ValueId, readonly TypedNode[]> {
  const readers = new Map<ValueId, TypedNode[]>()
  for (const typed of nodes)
    for (const id of typed.node.inputs) {
      const known = readers.get(id)
      if (known === undefined) readers.set(id, [typed])
      else known.push(typed)
    }
  return readers
}

/** The type of a value. Throws where the graph has no such value, which is the compiler's fault. */
export function typeOf(graph: Graph, id: ValueId): TensorType {
  const value = graph.values[id]
  if (value === undefined) throw new Error(`value ${id} is not of this graph`)
  return value.type
}

/** Where a parameter is first read. */
interface Slot {
  readonly node: number
  readonly role: ParameterRole
}

interface HeldParameter {
  readonly value: ValueId
  readonly elements: number
  /** Whether training learns it; otherwise it is a running statistic. */
  readonly isLearned: boolean
}

function firstSlots(graph: Graph): ReadonlyMap<ValueId, Slot> {
  const slots = new Map<ValueId, Slot>()
  graph.nodes.forEach(({ parameters }, node) => {
    for (const role of roles) {
      const id = parameters[role]
      if (id !== undefined && !slots.has(id)) slots.set(id, { node, role })
    }
  })
  return slots
}

/** Every role of a parameter, and whether training learns what has it. */
const learned: Readonly<Record<ParameterRole, boolean>> = {
  weight: true,
  bias: true,
  running_mean: false,
  running_var: false,
}
const roles = Object.keys(learned) as readonly ParameterRole[]

/** Elements of one of a node's parameters or buffers; 0 where it has none of that role. */
export function parameterElements(graph: Graph, { parameters }: Node, role: ParameterRole): number {
  const id = parameters[role]
  return id === undefined ? 0 : elements(typeOf(graph, id))
}

/** Elements of all of a node's parameters and buffers together. */
export function allParameters(graph: Graph, node: Node): number {
  let sum = 0
  for (const role of roles) sum += parameterElements(graph, node, role)
  return sum
}

/** Elements of those parameters of a node that training learns, shared ones too. */
export function learnedParameters(graph: Graph, node: Node): number {
  let sum = 0
  for (const role of roles) if (learned[role]) sum += parameterElements(graph, node, role)
  return sum
}
