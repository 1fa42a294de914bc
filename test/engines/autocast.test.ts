import { describe, expect, it } from 'vitest'
import { loweringOf } from '../../src/engines/eager/eager.ts'
import { siteOf } from '../../src/engines/eager/site.ts'
import { defaultExecution, type Kernel, type Storage } from '../../src/engines/kernel.ts'
import { GraphView } from '../../src/ir/view.ts'
import { opNames } from '../../src/ir/ops/index.ts'
import {
  activationCasts,
  autocastCases,
  lone,
  modeOf,
  parameterCasts,
  type AutocastCase,
} from '../analysis/autocast.ts'

// In NCHW, as the script ran; FasterNet's `split_cat` form.
const options = { ...defaultExecution, layout: 'nchw', partialConv: 'split_cat' } as const

/** Of the operators of a dropped path, those that make and scale one number an image. */
const onNumbers = (op: string): number => (op === 'drop_path' ? 2 : 0)

/** A node alone, with its inputs kept as the run says. */
function lowered(one: AutocastCase, kept: readonly Storage[]) {
  const { graph, inputs, output } = lone(one)
  const [typed] = new GraphView(graph).nodes
  const storage = new Map(inputs.map((id, i) => [id, kept[i]!]))
  const kernels: Kernel[] = []
  const mode = modeOf(one)
  loweringOf(one.op)(siteOf(typed!, graph, { ...options, mode }, { storage, strided: new Set() }, kernels))
  return { output: storage.get(output), kernels }
}

/** Kernels that PyTorch's list of operators does not show on a CPU: within cuDNN, or part of `convolution`. */
const within = new Set(['bias', 'contiguous', 'pad channels', 'unpad channels'])

describe('eager kernels under autocast', () => {
  it('every operator was tried', () => {
    expect(new Set(autocastCases.map(({ op }) => op))).toEqual(new Set(opNames))
  })

  for (const one of autocastCases)
    for (const run of one.runs)
      it(`${one.op} ${one.note} of ${run.inputs.join(', ')} gives ${run.output}`, () => {
        const { output, kernels } = lowered(one, run.inputs)
        expect(output).toBe(run.output)
        // Casts of parameters are one kernel here, and one for each of them there.
        const ours = kernels.filter(
          ({ name, weights }) => !within.has(name) && !(name === 'cast' && weights > 0),
        )
        expect(ours).toHaveLength(run.aten.length - parameterCasts(one) - onNumbers(one.op))
        expect(ours.filter(({ name }) => name === 'cast')).toHaveLength(activationCasts(one, run))
      })
})
