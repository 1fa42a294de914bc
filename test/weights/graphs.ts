import type { Graph, Node, Parameter, Part, Value } from '../../src/ir/graph.ts'
import type { Initial } from '../../src/ir/ops/definition.ts'
import type { ParameterRole } from '../../src/ir/ops/definition.ts'
import { tensor } from '../../src/ir/tensor-type.ts'

export interface SmallNode {
  readonly path: string
  readonly op: Node['op']
  readonly shapes: Readonly<Partial<Record<ParameterRole, readonly number[]>>>
  readonly attributes?: Node['attributes']
  readonly initial?: Initial
}

const PARTS = ['stem', 'layer1', 'head']

/**
 * A graph that has parameters and places, and is good for nothing else: node `i` stands in line `i + 1` of
 * `std/blocks.arch`, part `i` in line `i + 1` of `net.arch`.
 */
export function graphOf(nodes: readonly SmallNode[], metadata: Partial<Graph['metadata']> = {}): Graph {
  const values: Value[] = [{ id: 0, type: tensor(3, 8, 8) }]
  const parameters: Parameter[] = []
  const addValue = (shape: readonly number[]) =>
    values.push({ id: values.length, type: tensor(...shape) }) - 1
  return {
    name: 'small',
    metadata: { ...METADATA, ...metadata },
    values,
    inputs: [0],
    outputs: [0],
    parameters,
    derived: [],
    nodes: nodes.map((node, index) => ({
      op: node.op,
      path: node.path,
      attributes: node.attributes ?? {},
      inputs: [0],
      parameters: Object.fromEntries(
        Object.entries(node.shapes).map(([role, shape]) => {
          const value = addValue(shape)
          const initial = node.initial ?? { kind: 'constant', value: 0 }
          parameters.push({
            value,
            name: `${node.path}.${role}`,
            role: role as ParameterRole,
            trainable: true,
            initial,
          })
          return [role, value]
        }),
      ),
      outputs: [0],
      provenance: {
        location: { file: 'std/blocks.arch', line: index + 1, column: 3 },
        part: node.path.split('.')[0] ?? '',
        blocks: [],
      },
    })),
    parts: PARTS.map((name, index): Part => ({
      kind: name === 'layer1' ? 'stage' : name === 'stem' ? 'stem' : 'head',
      name,
      output: 0,
      location: { file: 'net.arch', line: index + 1, column: 1 },
    })),
  }
}

const METADATA: Graph['metadata'] = {
  mean: [0, 0, 0],
  std: [1, 1, 1],
  resize: 256,
  interpolation: 'bilinear',
  convInit: { kind: 'kaiming_normal' },
  linearInit: { kind: 'normal', std: 0.01 },
}
