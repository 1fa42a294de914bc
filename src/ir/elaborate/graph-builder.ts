import type { Graph, NetworkMetadata, Node, Parameter, Part, Provenance, Value, ValueId } from '../graph.ts'
import type { AttributeValue, OpDefinition, ParameterRole } from '../ops/definition.ts'
import { operatorOf, type OpName } from '../ops/index.ts'
import type { TensorType } from '../tensor-type.ts'

/** A node whose parameters are still to be made. */
interface Draft {
  readonly op: OpName
  readonly path: string
  readonly attributes: Readonly<Record<string, AttributeValue>>
  readonly inputs: readonly ValueId[]
  readonly outputs: readonly ValueId[]
  readonly provenance: Provenance
  /** No `bias` was given: it is decided when all consumers are known. */
  readonly biasIsOpen: boolean
}

/** Collects operators in the order of execution; parameters are made at the end, when biases are decided. */
export class GraphBuilder {
  private readonly values: Value[] = []
  private readonly drafts: Draft[] = []
  private readonly parameters: Parameter[] = []
  private readonly parts: Part[] = []
  private readonly inputs: ValueId[] = []

  get size(): number {
    return this.drafts.length
  }

  input(type: TensorType): ValueId {
    const id = this.value(type)
    this.inputs.push(id)
    return id
  }

  part(part: Part): void {
    this.parts.push(part)
  }

  add(draft: Omit<Draft, 'outputs'>, types: readonly TensorType[]): readonly ValueId[] {
    const outputs = types.map((type) => this.value(type))
    this.drafts.push({ ...draft, outputs })
    return outputs
  }

  finish(
    name: string,
    doc: string | undefined,
    metadata: NetworkMetadata,
    outputs: readonly ValueId[],
  ): Graph {
    const nodes = this.drafts.map((draft) => this.complete(draft))
    return {
      name,
      ...(doc === undefined ? {} : { doc }),
      metadata,
      values: this.values,
      inputs: this.inputs,
      outputs,
      parameters: this.parameters,
      nodes,
      parts: this.parts,
    }
  }

  private value(type: TensorType): ValueId {
    this.values.push({ id: this.values.length, type })
    return this.values.length - 1
  }

  private complete({ biasIsOpen, ...draft }: Draft): Node {
    const definition = operatorOf(draft.op)
    const needless = biasIsOpen && this.onlyNormsConsume(draft.outputs)
    const attributes = needless ? { ...draft.attributes, bias: false } : draft.attributes
    return { ...draft, attributes, parameters: this.parametersOf(definition, attributes, draft) }
  }

  private parametersOf(
    definition: OpDefinition,
    attributes: Draft['attributes'],
    { path, inputs }: Pick<Draft, 'path' | 'inputs'>,
  ): Node['parameters'] {
    const types = inputs.map((id) => this.typeOf(id))
    const made: Partial<Record<ParameterRole, ValueId>> = {}
    for (const { role, shape, trainable, initial } of definition.parameters?.(attributes, types) ?? []) {
      const value = this.value({ dtype: 'float32', shape })
      made[role] = value
      this.parameters.push({ value, name: `${path}.${role}`, role, trainable, initial })
    }
    return made
  }

  private typeOf(id: ValueId): TensorType {
    const value = this.values[id]
    if (value === undefined) throw new Error(`value ${id} is not of this graph`)
    return value.type
  }

  private onlyNormsConsume(outputs: readonly ValueId[]): boolean {
    const consumers = this.consumersOf(outputs)
    return consumers.length > 0 && consumers.every(({ op }) => operatorOf(op).isNorm === true)
  }

  private consumersOf(outputs: readonly ValueId[]): readonly Draft[] {
    this.consumers ??= consumersByValue(this.drafts)
    return outputs.flatMap((id) => this.consumers?.get(id) ?? [])
  }

  private consumers: ReadonlyMap<ValueId, readonly Draft[]> | undefined
}

function consumersByValue(drafts: readonly Draft[]): ReadonlyMap<ValueId, readonly Draft[]> {
  const consumers = new Map<ValueId, Draft[]>()
  for (const draft of drafts)
    for (const id of draft.inputs) {
      const known = consumers.get(id)
      if (known === undefined) consumers.set(id, [draft])
      else known.push(draft)
    }
  return consumers
}
