import type { Graph, NetworkMetadata, Node, Parameter, Part, Value, ValueId } from '../../src/ir/graph.ts'
import { isProblem, type AttributeValue, type ParameterRole } from '../../src/ir/ops/definition.ts'
import { operatorOf, type OpName } from '../../src/ir/ops/index.ts'
import { tensor, type TensorType } from '../../src/ir/tensor-type.ts'
import type { Location } from '../../src/source/span.ts'

export const metadata: NetworkMetadata = {
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  resize: 256,
  interpolation: 'bicubic',
  labels: 'imagenet1k',
  convInit: { kind: 'kaiming_normal' },
  linearInit: { kind: 'normal', std: 0.01 },
}

interface Use {
  readonly op: OpName
  readonly path: string
  readonly attributes?: Readonly<Record<string, AttributeValue>>
  readonly inputs: readonly ValueId[]
  /** Default: the first component of the path; `null`: none. */
  readonly part?: string | null
}

/** Writes graphs by hand, for tests: types and parameters come from the operators. */
export class GraphSketch {
  readonly values: Value[] = []
  readonly nodes: Node[] = []
  readonly parameters: Parameter[] = []
  readonly parts: Part[] = []
  readonly input: ValueId

  constructor(...shape: number[]) {
    this.input = this.value(tensor(...shape))
  }

  use({ op, path, attributes = {}, inputs, part = path.split('.')[0] ?? '' }: Use): readonly ValueId[] {
    const types = inputs.map((id) => this.typeOf(id))
    const results = operatorOf(op).infer(attributes, types)
    if (isProblem(results)) throw new Error(`${path}: ${results.problem} ${JSON.stringify(results.facts)}`)
    const parameters = this.parametersOf(op, path, attributes, types)
    const outputs = results.map((type) => this.value(type))
    const provenance = {
      location: this.location(),
      ...(part === null ? {} : { part }),
      blocks: path
        .split('.')
        .slice(1, -1)
        .map((name) => ({ name, location: this.location() })),
    }
    this.nodes.push({ op, path, attributes, inputs, parameters, outputs, provenance })
    return outputs
  }

  /** As `use`, for operators with one output. */
  one(use: Use): ValueId {
    return this.use(use)[0] ?? -1
  }

  part(kind: Part['kind'], name: string, output: ValueId): void {
    this.parts.push({ kind, name, output, location: this.location() })
  }

  graph(name: string, output: ValueId): Graph {
    const { values, nodes, parameters, parts } = this
    return {
      name,
      doc: 'Drawn by hand.',
      metadata,
      values,
      inputs: [this.input],
      outputs: [output],
      parameters,
      derived: [],
      nodes,
      parts,
    }
  }

  private parametersOf(
    op: OpName,
    path: string,
    attributes: Node['attributes'],
    types: readonly TensorType[],
  ) {
    const made: Partial<Record<ParameterRole, ValueId>> = {}
    for (const { role, shape, trainable, initial } of operatorOf(op).parameters?.(attributes, types) ?? []) {
      const value = this.value(tensor(...shape))
      made[role] = value
      this.parameters.push({ value, name: `${path}.${role}`, role, trainable, initial })
    }
    return made
  }

  private value(type: TensorType): ValueId {
    this.values.push({ id: this.values.length, type })
    return this.values.length - 1
  }

  private typeOf(id: ValueId): TensorType {
    const value = this.values[id]
    if (value === undefined) throw new Error(`no value ${id}`)
    return value.type
  }

  private location(): Location {
    return { file: 'small.arch', line: this.nodes.length + 2, column: 3 }
  }
}

export const conv = (
  channels: number,
  kernel: number,
  more: Readonly<Record<string, AttributeValue>> = {},
) => {
  const pad = (kernel - 1) / 2
  return {
    channels,
    kernel: [kernel, kernel],
    stride: [1, 1],
    padding: [pad, pad, pad, pad],
    dilation: [1, 1],
    groups: 1,
    bias: false,
    ...more,
  }
}

const norm = { eps: 1e-5, momentum: 0.1, initial_scale: 1 }

/** A stem, a residual stage with blur and a split, a head, and one operator outside of them. */
export function smallGraph(): Graph {
  const sketch = new GraphSketch(3, 32, 24)
  const stemConv = sketch.one({
    op: 'conv',
    path: 'stem.conv1',
    attributes: conv(8, 3, { stride: [2, 2] }),
    inputs: [sketch.input],
  })
  const abn = { ...norm, activation: 'leaky_relu', slope: 0.01 }
  const stem = sketch.one({ op: 'abn', path: 'stem.abn1', attributes: abn, inputs: [stemConv] })
  sketch.part('stem', 'stem', stem)
  const main = sketch.one({
    op: 'conv',
    path: 'layer1.0.conv1',
    attributes: conv(8, 1, { bias: true }),
    inputs: [stem],
  })
  const sum = sketch.one({ op: 'add', path: 'layer1.0.add1', inputs: [main, stem] })
  const blur = sketch.one({
    op: 'blur_pool',
    path: 'layer1.0.blur_pool1',
    attributes: { stride: [2, 2] },
    inputs: [sum],
  })
  const [a = 0, b = 0] = sketch.use({
    op: 'split',
    path: 'layer1.0.split1',
    attributes: { sizes: [6, 2] },
    inputs: [blur],
  })
  const joined = sketch.one({ op: 'concat', path: 'layer1.0.concat1', inputs: [b, a] })
  sketch.part('stage', 'layer1', joined)
  const between = sketch.one({ op: 'relu', path: 'relu1', inputs: [joined], part: null })
  const pooled = sketch.one({ op: 'global_avg_pool', path: 'head.global_avg_pool1', inputs: [between] })
  const logits = sketch.one({
    op: 'linear',
    path: 'head.linear1',
    attributes: { features: 10, bias: true },
    inputs: [pooled],
  })
  sketch.part('head', 'head', logits)
  return sketch.graph('small', logits)
}
