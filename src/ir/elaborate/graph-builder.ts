import type { Graph, NetworkMetadata, Node, Parameter, Part, Provenance, Value, ValueId } from '../graph.ts'
import type { AttributeValue, OpDefinition, ParameterRole } from '../ops/definition.ts'
import { operatorOf, type OpName } from '../ops/index.ts'
import type { TensorType } from '../tensor-type.ts'

/** A node whose parameters are still to be made. */
export interface Draft {
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

  /** The operators so far, in the order of execution. */
  get nodes(): readonly Draft[] {
    return this.drafts
  }

  get inputIds(): readonly ValueId[] {
    return this.inputs
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
    const needless = withoutConstants(this.drafts, outputs)
    const nodes = this.drafts.map((draft) => this.complete(draft, needless))
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

  private complete(draft: Draft, needless: ReadonlySet<ValueId>): Node {
    const { op, path, inputs, outputs, provenance } = draft
    const dropsBias = draft.biasIsOpen && outputs.every((id) => needless.has(id))
    const attributes = dropsBias ? { ...draft.attributes, bias: false } : draft.attributes
    const parameters = this.parametersOf(operatorOf(op), attributes, draft)
    // One by one: a spread takes several times as long, and there is a draft for each node.
    return { op, path, attributes, inputs, parameters, outputs, provenance }
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

  typeOf(id: ValueId): TensorType {
    const value = this.values[id]
    if (value === undefined) throw new Error(`value ${id} is not of this graph`)
    return value.type
  }
}

/**
 * Values from which a constant per channel vanishes: whatever consumes them is a norm, or hands the constant on to
 * norms alone. The bias of a convolution that gives such a value does nothing.
 */
function withoutConstants(drafts: readonly Draft[], outputs: readonly ValueId[]): ReadonlySet<ValueId> {
  const consumed = new Set<ValueId>()
  const matters = new Set(outputs)
  const vanishes = (id: ValueId) => consumed.has(id) && !matters.has(id)
  for (const { op, inputs, outputs: results } of [...drafts].reverse()) {
    const { isNorm, keepsChannelConstants } = operatorOf(op)
    const absorbs = isNorm === true || (keepsChannelConstants === true && results.every(vanishes))
    for (const id of inputs) {
      consumed.add(id)
      if (!absorbs) matters.add(id)
    }
  }
  return new Set([...consumed].filter(vanishes))
}
