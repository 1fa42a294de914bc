import { describe, expect, it } from 'vitest'
import { loweringOf } from '../../../src/analysis/execution/eager/lowerings.ts'
import { siteOf } from '../../../src/analysis/execution/eager/site.ts'
import { defaultExecution, type Kernel } from '../../../src/analysis/execution/kernel.ts'
import type { Storage } from '../../../src/analysis/execution/precision.ts'
import { typedNodes } from '../../../src/analysis/execution/types.ts'
import type { Graph, ValueId } from '../../../src/ir/graph.ts'
import type { AttributeValue } from '../../../src/ir/ops/definition.ts'
import { isOpName, opNames, type OpName } from '../../../src/ir/ops/index.ts'
import { tensor } from '../../../src/ir/tensor-type.ts'
import { GraphSketch } from '../../ir/graph-fixtures.ts'
import { readJson } from '../../networks/support.ts'

/** What PyTorch itself did under autocast to fp16 (tools/reference/autocast-pytorch.py). */
interface Reference {
  readonly cases: readonly Case[]
}
interface Case {
  readonly op: string
  readonly note: string
  readonly attributes: Readonly<Record<string, AttributeValue>>
  readonly shapes: readonly (readonly number[])[]
  readonly runs: readonly {
    readonly inputs: readonly Storage[]
    readonly output: Storage
    readonly aten: readonly { readonly op: string }[]
  }[]
}

const { cases } = readJson('test/reference/autocast.json') as Reference
// In NCHW, as the script ran; FasterNet's `split_cat` form.
const options = { ...defaultExecution, layout: 'nchw', partialConv: 'split_cat' } as const

/** These were run in training; elsewhere they do nothing. */
const trainingOnly: ReadonlySet<string> = new Set(['dropout', 'drop_path'])
/** Of the operators of a dropped path, those that make and scale one number an image. */
const onNumbers = (op: string): number => (op === 'drop_path' ? 2 : 0)

/** A node alone, with its inputs kept as the run says. */
function lowered(op: OpName, { attributes, shapes }: Case, inputs: readonly Storage[]) {
  const sketch = new GraphSketch(...(shapes[0] ?? []))
  const ids = shapes.map((shape, i) =>
    i === 0 ? sketch.input : sketch.values.push({ id: sketch.values.length, type: tensor(...shape) }) - 1,
  )
  const [output = -1] = sketch.use({ op, path: 'a.node', attributes, inputs: ids })
  const graph: Graph = sketch.graph('one', output)
  const [typed] = typedNodes(graph)
  const storage = new Map<ValueId, Storage>(ids.map((id, i) => [id, inputs[i]!]))
  const kernels: Kernel[] = []
  const mode = trainingOnly.has(op) ? 'training' : 'inference'
  loweringOf(op)(siteOf(typed!, graph, { ...options, mode }, { storage, strided: new Set() }, kernels))
  return { output: storage.get(output), kernels, parameters: graph.parameters.length }
}

/** Kernels that PyTorch's list of operators does not show on a CPU: within cuDNN, or part of `convolution`. */
const within = new Set(['bias', 'contiguous', 'pad channels', 'unpad channels'])

describe('eager kernels under autocast', () => {
  it('every operator was tried', () => {
    expect(new Set(cases.map(({ op }) => op))).toEqual(new Set(opNames))
  })

  for (const one of cases)
    for (const run of one.runs)
      it(`${one.op} ${one.note} of ${run.inputs.join(', ')} gives ${run.output}`, () => {
        const op = isOpName(one.op) ? one.op : expect.fail()
        const { output, kernels } = lowered(op, one, run.inputs)
        expect(output).toBe(run.output)
        // Casts of parameters are one kernel here, and one for each of them there.
        const ours = kernels.filter(
          ({ name, weights }) => !within.has(name) && !(name === 'cast' && weights > 0),
        )
        const casts = run.aten.filter((aten) => aten.op === '_to_copy').length
        const activationCasts = ours.filter(({ name }) => name === 'cast').length
        const parameterCasts = casts - activationCasts
        expect(ours.length + parameterCasts).toBe(run.aten.length - onNumbers(op))
        expect(parameterCasts).toBe(expectedParameterCasts(one))
      })
})

/** Weight and bias of what runs in fp16; the blur's filter is a constant, cast like a weight. */
const expectedParameterCasts = ({ op, attributes }: Case): number => {
  if (op === 'blur_pool') return 1
  if (op !== 'conv' && op !== 'linear' && op !== 'partial_conv') return 0
  return attributes['bias'] === true ? 2 : 1
}
