import type { Weights } from '../../src/weights/weights.ts'
import type { Graph, NetworkMetadata, Node, Parameter, Part, Value, ValueId } from '../../src/ir/graph.ts'
import { isProblem, type Attributes, type ParameterRole } from '../../src/ir/ops/definition.ts'
import { operatorOf, type AttributesOf, type OpName } from '../../src/ir/ops/index.ts'
import { elements, type TensorType } from '../../src/ir/tensor-type.ts'

const location = { file: 'test.arch', line: 1, column: 1 }

const metadata: NetworkMetadata = {
  mean: [0, 0, 0],
  std: [1, 1, 1],
  resize: 256,
  interpolation: 'bilinear',
  convInit: { kind: 'kaiming_normal' },
  linearInit: { kind: 'normal', std: 0.01 },
}

/** Puts graphs together node by node, from the operators' own definitions. */
export class GraphBuilder {
  readonly inputs: ValueId[]
  private readonly values: Value[] = []
  private readonly parameters: Parameter[] = []
  private readonly nodes: Node[] = []
  private readonly parts: Part[] = []

  constructor(inputs: readonly TensorType[]) {
    this.inputs = inputs.map((type) => this.value(type))
  }

  private value(type: TensorType): ValueId {
    return this.values.push({ id: this.values.length, type }) - 1
  }

  /** Adds a node; returns its outputs. */
  node<N extends OpName>(
    op: N,
    attributes: AttributesOf<N>,
    inputs: readonly ValueId[],
    part?: string,
  ): ValueId[] {
    return this.nodeOf(op, attributes, inputs, part)
  }

  /** As `node`, for an operator known at run time only. */
  nodeOf(op: OpName, attributes: Attributes, inputs: readonly ValueId[], part?: string): ValueId[] {
    const path = `${part === undefined ? '' : `${part}.`}${op}${this.nodes.length + 1}`
    const types = inputs.map((id) => this.typeOf(id))
    const inferred = operatorOf(op).infer(attributes, types)
    if (isProblem(inferred)) throw new Error(`${op}: ${inferred.problem} ${JSON.stringify(inferred.facts)}`)
    const outputs = inferred.map((type) => this.value(type))
    const parameters: Partial<Record<ParameterRole, ValueId>> = {}
    for (const { role, shape, trainable, initial } of operatorOf(op).parameters?.(attributes, types) ?? []) {
      const value = this.value({ dtype: 'float32', shape })
      parameters[role] = value
      this.parameters.push({ value, name: `${path}.${role}`, role, trainable, initial })
    }
    const provenance = { location, blocks: [], ...(part === undefined ? {} : { part }) }
    this.nodes.push({ op, path, attributes, inputs, parameters, outputs, provenance })
    return outputs
  }

  /** Names a value as what a stage hands on. */
  part(name: string, output: ValueId): void {
    this.parts.push({ kind: 'stage', name, output, location })
  }

  graph(outputs: readonly ValueId[]): Graph {
    const { inputs, values, parameters, nodes, parts } = this
    return { name: 'test', metadata, values, inputs, outputs, parameters, derived: [], nodes, parts }
  }

  private typeOf(id: ValueId): TensorType {
    const value = this.values[id]
    if (!value) throw new Error(`no value ${id}`)
    return value.type
  }
}

/** Reproducible numbers in -1..1 (a linear congruential generator; its quality does not matter here). */
export function randomValues(count: number, seed: number): Float32Array {
  let state = (seed * 2654435761) >>> 0
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state / 2 ** 32) * 2 - 1
  })
}

/** Random weights for every parameter; variances are positive. */
export function randomWeights(graph: Graph, seed: number): Weights {
  return new Map(
    graph.parameters.map(({ name, value, role }, i) => {
      const type = graph.values[value]?.type
      const values = randomValues(type ? elements(type) : 0, seed + i)
      return [name, role === 'running_var' ? values.map((v) => Math.abs(v) + 0.1) : values]
    }),
  )
}
