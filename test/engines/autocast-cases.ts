import type { ElementType, ExecutionOptions } from '../../src/engines/kernel.ts'
import type { Graph, ValueId } from '../../src/ir/graph.ts'
import type { AttributeValue } from '../../src/ir/ops/definition.ts'
import { isOpName, type OpName } from '../../src/ir/ops/index.ts'
import { tensor } from '../../src/ir/tensor-type.ts'
import { GraphSketch } from '../ir/graph-fixtures.ts'
import { readJson } from '../networks/support.ts'

/** What PyTorch itself did under autocast to fp16 (tools/reference/autocast-pytorch.py). */
interface Reference {
  readonly cases: Readonly<Record<string, AutocastCase>>
}

export interface AutocastCase {
  readonly op: OpName
  readonly note: string
  readonly attributes: Readonly<Record<string, AttributeValue>>
  readonly shapes: readonly (readonly number[])[]
  readonly runs: readonly AutocastRun[]
}

interface AutocastRun {
  readonly inputs: readonly ElementType[]
  readonly output: ElementType
  readonly aten: readonly { readonly op: string }[]
}

const { cases: byTitle } = readJson('test/reference/autocast.json') as Reference
const cases = Object.values(byTitle)
const unknown = cases.filter(({ op }) => !isOpName(op))
if (unknown.length > 0) throw new Error(`no operators: ${unknown.map(({ op }) => op).join(', ')}`)

export const autocastCases = cases

/** These were run in training; elsewhere they do nothing. */
const trainingOnly: ReadonlySet<string> = new Set(['dropout', 'drop_path'])

export const modeOf = ({ op }: AutocastCase): ExecutionOptions['mode'] =>
  trainingOnly.has(op) ? 'training' : 'inference'

/** A graph of the case's node alone. */
export function lone({ op, attributes, shapes }: AutocastCase): {
  readonly graph: Graph
  readonly inputs: readonly ValueId[]
  readonly output: ValueId
} {
  const sketch = new GraphSketch(...(shapes[0] ?? []))
  const inputs = shapes.map((shape, i) =>
    i === 0 ? sketch.input : sketch.values.push({ id: sketch.values.length, type: tensor(...shape) }) - 1,
  )
  const [output = -1] = sketch.use({ op, path: 'a.node', attributes, inputs })
  return { graph: sketch.graph('one', output), inputs, output }
}

/** Of weight and bias of what runs in fp16; the blur's filter is a constant, cast like a weight. */
export function parameterCasts({ op, attributes }: AutocastCase): number {
  if (op === 'blur_pool') return 1
  if (op !== 'conv' && op !== 'linear' && op !== 'partial_conv') return 0
  return attributes['bias'] === true ? 2 : 1
}

export const activationCasts = (one: AutocastCase, { aten }: AutocastRun): number =>
  aten.filter(({ op }) => op === '_to_copy').length - parameterCasts(one)
