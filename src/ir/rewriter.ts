import { inferDerived, type DerivationName } from './derivations.ts'
import type { DerivedParameter, Graph, Node, Part, Value, ValueId } from './graph.ts'
import { isProblem, type Attributes } from './ops/definition.ts'
import { operatorOf } from './ops/index.ts'
import { isSameType, type TensorType } from './tensor-type.ts'

/** What a pass says of a node that takes another's place; all else is the old node's. */
export type Replacement = Partial<Pick<Node, 'op' | 'attributes' | 'inputs' | 'parameters'>>

/**
 * Changes a graph step by step, and gives a new one in the end; the old one stays as it is. Types are inferred, and what
 * does not fit is refused at once, since a pass that asks for it is wrong: every fault is an `Error`. Nodes keep their
 * order. What nothing uses any more is left for the pass `dead-code`.
 */
export class Rewriter {
  private readonly values: Value[]
  private readonly derived: DerivedParameter[]
  private readonly replaced = new Map<Node, Node>()
  private readonly removed = new Set<Node>()
  /** For values that have gone, the value that stands for each. */
  private readonly stands = new Map<ValueId, ValueId>()

  constructor(private readonly graph: Graph) {
    this.values = [...graph.values]
    this.derived = [...graph.derived]
  }

  /** A parameter that is computed from others. */
  derive(operation: DerivationName, inputs: readonly ValueId[], attributes: Attributes = {}): ValueId {
    const type = inferDerived(
      operation,
      inputs.map((id) => this.typeOf(id)),
      attributes,
    )
    if (typeof type === 'string') throw new Error(`${operation} ${type}`)
    const value = this.values.length
    this.values.push({ id: value, type })
    this.derived.push({ value, operation, inputs, attributes })
    return value
  }

  /** Another operator at the node's place, under the node's path; its results have the types that the node's have. */
  replace(node: Node, change: Replacement): void {
    const before = this.current(node)
    const after: Node = { ...before, ...change }
    this.refuseOtherTypes(after)
    this.replaced.set(node, after)
  }

  /** Takes a node away. Whoever read its only result reads `value` from now on, which is of the same type. */
  bypass(node: Node, value: ValueId): void {
    const { outputs, path } = this.current(node)
    const [output] = outputs
    if (output === undefined || outputs.length > 1) throw new Error(`${path} has several results`)
    if (!isSameType(this.typeOf(output), this.typeOf(value)))
      throw new Error(`value ${value} cannot stand for the result of ${path}`)
    this.removed.add(node)
    this.stands.set(output, value)
  }

  /** The graph with all changes. Values that have gone are still numbered; `dead-code` closes the gaps. */
  finish(): Graph {
    const now = (id: ValueId): ValueId => {
      let stands = id
      for (let next = this.stands.get(id); next !== undefined; next = this.stands.get(next)) stands = next
      return stands
    }
    const partNow = (part: Part): Part => ({
      ...part,
      output: now(part.output),
      ...(part.others === undefined ? {} : { others: part.others.map(now) }),
    })
    return {
      ...this.graph,
      values: this.values,
      outputs: this.graph.outputs.map(now),
      derived: this.derived,
      nodes: this.graph.nodes
        .filter((node) => !this.removed.has(node))
        .map((node) => this.current(node))
        .map((node) => ({ ...node, inputs: node.inputs.map(now) })),
      parts: this.graph.parts.map(partNow),
    }
  }

  private current(node: Node): Node {
    return this.replaced.get(node) ?? node
  }

  private typeOf(id: ValueId): TensorType {
    const value = this.values[id]
    if (value === undefined) throw new Error(`value ${id} is not of this graph`)
    return value.type
  }

  private refuseOtherTypes({ op, path, attributes, inputs, outputs }: Node): void {
    const types = inputs.map((id) => this.typeOf(id))
    const results = operatorOf(op).infer(attributes, types)
    if (isProblem(results)) throw new Error(`${op} at ${path} breaks ${results.problem}`)
    const isSame = results.every((type, index) => isSameType(type, this.typeOf(outputs[index] ?? -1)))
    if (!isSame || results.length !== outputs.length) throw new Error(`${op} at ${path} gives other types`)
  }
}
