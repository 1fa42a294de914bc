import type {
  Graph,
  NetworkMetadata,
  Node,
  Parameter,
  Part,
  Provenance,
  Value,
  ValueId,
} from '../ir/graph.ts'
import type { AttributeValue, OpDefinition, ParameterRole } from '../ir/ops/definition.ts'
import { operatorOf, type OpName } from '../ir/ops/index.ts'
import type { Span } from '../source/span.ts'
import { liveValues, withoutDeadCode } from '../passes/dead-code.ts'
import type { TensorType } from '../ir/tensor-type.ts'
import { Pipelines } from './pipelines.ts'

/**
 * Names the operators and blocks within one block call: `as NAME` gives exactly that name; anything else is
 * called after its operator or block with a count (`conv1`, `conv2`), anew in each block.
 */
export class PathNames {
  private readonly counts = new Map<string, number>()
  private readonly taken = new Set<string>()

  constructor(readonly prefix: string) {}

  /** Whether nothing has a name here yet. */
  get isFresh(): boolean {
    return this.taken.size === 0
  }

  /** A counted name, as a full path. */
  next(base: string): string {
    let name
    do {
      const count = (this.counts.get(base) ?? 0) + 1
      this.counts.set(base, count)
      name = `${base}${count}`
    } while (this.taken.has(name))
    return this.claim(name)
  }

  /** The name as it is, or `undefined` if another operator of this block has it. */
  exactly(name: string): string | undefined {
    return this.taken.has(name) ? undefined : this.claim(name)
  }

  /** The name as it is for its first use, counted from the second on. */
  preferably(name: string): string {
    return this.exactly(name) ?? this.next(name)
  }

  private claim(name: string): string {
    this.taken.add(name)
    return this.prefix === '' ? name : `${this.prefix}.${name}`
  }
}

/** A node whose parameters are still to be made. */
export interface Draft {
  readonly op: OpName
  readonly path: string
  readonly attributes: Readonly<Record<string, AttributeValue>>
  readonly inputs: readonly ValueId[]
  readonly outputs: readonly ValueId[]
  readonly provenance: Provenance
  /** The call in the source. */
  readonly span: Span
  /** No `bias` was given: it is decided when the whole pipeline, and all consumers, are known. */
  readonly biasIsOpen: boolean
}

/** Collects operators in the order of execution; parameters are made at the end, when biases are decided. */
export class GraphBuilder {
  readonly pipelines = new Pipelines()
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

  add(call: Omit<Draft, 'outputs'>, types: readonly TensorType[]): Draft {
    const { op, path, attributes, inputs, provenance, span, biasIsOpen } = call
    const outputs = types.map((type) => this.value(type))
    this.pipelines.add(this.drafts.length, call, outputs)
    const draft = { op, path, attributes, inputs, outputs, provenance, span, biasIsOpen }
    this.drafts.push(draft)
    return draft
  }

  finish(
    name: string,
    doc: string | undefined,
    metadata: NetworkMetadata,
    outputs: readonly ValueId[],
  ): Graph {
    const live = liveValues(this.drafts, outputs)
    const needed = this.drafts.filter((draft) => draft.outputs.some((id) => live.has(id)))
    const needless = withoutConstants(needed, outputs)
    const nodes = this.drafts.map((draft, place) => {
      const isNeedless = this.pipelines.isNormed(place) && draft.outputs.every((id) => needless.has(id))
      return this.complete(draft, draft.biasIsOpen && isNeedless)
    })
    return withoutDeadCode({
      name,
      ...(doc === undefined ? {} : { doc }),
      metadata,
      values: this.values,
      inputs: this.inputs,
      outputs,
      parameters: this.parameters,
      derived: [],
      nodes,
      parts: this.parts,
    })
  }

  /** Whether the value is an input of the network. */
  isInput(id: ValueId): boolean {
    return this.inputs.includes(id)
  }

  /** Values that operators give and that no output depends on. */
  unusedValues(outputs: readonly ValueId[]): ReadonlySet<ValueId> {
    const live = liveValues(this.drafts, outputs)
    return new Set(this.drafts.flatMap((draft) => draft.outputs.filter((id) => !live.has(id))))
  }

  /**
   * The first call of `concat` within a stretch of source whose branches are as high and wide as the value, among the
   * operators from `place` on.
   */
  concatBeside(value: ValueId, within: Span, place: number): Span | undefined {
    const size = sizeText(this.typeOf(value))
    const found = this.drafts.find(
      ({ op, span, inputs }, index) =>
        index >= place &&
        op === 'concat' &&
        span.file === within.file &&
        span.start >= within.start &&
        span.end <= within.end &&
        inputs.every((id) => id !== value && sizeText(this.typeOf(id)) === size),
    )
    return found?.span
  }

  /** The value that the next operator will give. */
  get nextValue(): ValueId {
    return this.values.length
  }

  private value(type: TensorType): ValueId {
    this.values.push({ id: this.values.length, type })
    return this.values.length - 1
  }

  private complete(draft: Draft, dropsBias: boolean): Node {
    const { op, path, inputs, outputs, provenance } = draft
    const attributes = dropsBias ? withoutBias(draft.attributes) : draft.attributes
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
    for (const { role, type, trainable, initial } of parametersFor(definition, attributes, types)) {
      const value = this.value(type)
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

/** A parameter of an operator, before it has a value and a name. */
interface ParameterForm extends Pick<Parameter, 'role' | 'trainable' | 'initial'> {
  readonly type: TensorType
}

/** The parameters of operators with the same attributes on the same types, as the last operator with them had them. */
const knownForms = new WeakMap<
  Draft['attributes'],
  { definition: OpDefinition; types: readonly TensorType[]; forms: readonly ParameterForm[] }
>()

const noForms: readonly ParameterForm[] = []

/** Repetitions share the objects of their attributes and types, and so they share what their parameters are like. */
function parametersFor(
  definition: OpDefinition,
  attributes: Draft['attributes'],
  types: readonly TensorType[],
): readonly ParameterForm[] {
  if (definition.parameters === undefined) return noForms
  const known = knownForms.get(attributes)
  if (known?.definition === definition && types.every((type, index) => type === known.types[index]))
    return known.forms
  const forms = definition.parameters(attributes, types).map(({ role, shape, trainable, initial }) => {
    return { role, trainable, initial, type: { dtype: 'float32', shape } as const }
  })
  knownForms.set(attributes, { definition, types, forms })
  return forms
}

/** What attributes become where the bias is dropped: for the same attributes the same object. */
const biasless = new WeakMap<Draft['attributes'], Draft['attributes']>()

function withoutBias(attributes: Draft['attributes']): Draft['attributes'] {
  let without = biasless.get(attributes)
  if (without === undefined) {
    without = { ...attributes, bias: false }
    biasless.set(attributes, without)
  }
  return without
}

/** The height and the width as text; a vector has none, and gives an empty text. */
const sizeText = ({ shape }: TensorType): string => shape.slice(1).join(' x ')

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
