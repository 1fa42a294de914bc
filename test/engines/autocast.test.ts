import { describe, expect, it } from 'vitest'
import { lowerNode } from '../../src/engines/eager/forward.ts'
import { defaultExecution, type ElementType } from '../../src/engines/kernel.ts'
import { opNames } from '../../src/ir/ops/index.ts'
import { elements } from '../../src/ir/tensor-type.ts'
import { GraphView } from '../../src/ir/view.ts'
import {
  activationCasts,
  autocastCases,
  lone,
  modeOf,
  parameterCasts,
  type AutocastCase,
} from './autocast-cases.ts'

// In NCHW, as the script ran; FasterNet's `split_cat` form.
const options = { ...defaultExecution, layout: 'nchw', partialConv: 'split_cat' } as const

/** Of the operators of a dropped path, those that make and scale one number an image. */
const onNumbers = (op: string): number => (op === 'drop_path' ? 2 : 0)

/** A node alone, with its inputs kept as the run says, and needed after it. */
function lowered(one: AutocastCase, kept: readonly ElementType[]) {
  const { graph } = lone(one)
  const [typed] = new GraphView(graph).nodes
  const operands = typed!.inputs.map((type, i) => ({
    type: kept[i]!,
    elements: elements(type),
    needsGradient: false,
    isStrided: false,
  }))
  const { calls, outputs } = lowerNode(graph, typed!, { ...options, mode: modeOf(one) }, operands, false)
  const casts = calls.filter(({ inputs, outputs: made }) => {
    const [[from], [to]] = [inputs, made]
    const isCast = inputs.length === 1 && from !== undefined && to !== undefined && from.type !== to.type
    return isCast && to !== outputs[0]
  })
  return { output: outputs[0], kernels: calls.flatMap(({ kernels }) => kernels), casts }
}

/** Kernels that PyTorch's list of operators does not show on a CPU: within cuDNN, or part of `convolution`. */
const within = new Set(['bias', 'contiguous', 'pad channels', 'unpad channels'])

describe('eager calls under autocast', () => {
  it('every operator was tried', () => {
    expect(new Set(autocastCases.map(({ op }) => op))).toEqual(new Set(opNames))
  })

  for (const one of autocastCases)
    for (const run of one.runs)
      it(`${one.op} ${one.note} of ${run.inputs.join(', ')} gives ${run.output}`, () => {
        const { output, kernels, casts } = lowered(one, run.inputs)
        expect(output?.type).toBe(run.output)
        // Casts of parameters are one kernel here, and one for each of them there.
        const ours = kernels.filter(
          ({ name, weights }) => !within.has(name) && !(name === 'cast' && weights > 0),
        )
        expect(ours).toHaveLength(run.aten.length - parameterCasts(one) - onNumbers(one.op))
        expect(ours.filter(({ name }) => name === 'cast')).toHaveLength(activationCasts(one, run))
        // A cast that launches a kernel makes a tensor, and the other way round.
        expect(casts).toHaveLength(activationCasts(one, run))
      })
})
