import { describe, expect, it } from 'vitest'
import { defaultExecution, type Storage } from '../../../src/engines/kernel.ts'
import { GraphView } from '../../../src/ir/view.ts'
import { loweringOf } from '../../../src/analysis/memory/calls.ts'
import { siteOf } from '../../../src/analysis/memory/site.ts'
import { Tape } from '../../../src/analysis/memory/tape.ts'
import { elements } from '../../../src/ir/tensor-type.ts'
import { activationCasts, autocastCases, lone, modeOf, type AutocastCase } from '../autocast.ts'

const options = { ...defaultExecution, layout: 'nchw', partialConv: 'split_cat' } as const

/** A node alone, with its inputs kept as the run says, and needed after it. */
function recorded(one: AutocastCase, kept: readonly Storage[]) {
  const { graph } = lone(one)
  const [typed] = new GraphView(graph).nodes
  const mode = modeOf(one)
  const tape = new Tape(mode === 'training')
  const operands = typed!.inputs.map((type, i) => tape.fresh(elements(type), kept[i]!, false))
  const setting = { graph, options: { ...options, mode }, tape, uses: new Map() }
  const [output] = loweringOf(one.op)(siteOf(typed!, operands, setting))
  const casts = tape.calls.filter(({ inputs: [from, ...others], outputs: [to] }) => {
    const isCast = others.length === 0 && from !== undefined && to !== undefined && from.type !== to.type
    return isCast && to !== output
  })
  return { output, casts }
}

/** Kernels and memory are two tellings of one run: both are held to what PyTorch did. */
describe('tensors under autocast', () => {
  for (const one of autocastCases)
    for (const run of one.runs)
      it(`${one.op} ${one.note} of ${run.inputs.join(', ')} gives ${run.output}`, () => {
        const { output, casts } = recorded(one, run.inputs)
        expect(output?.type).toBe(run.output)
        expect(casts).toHaveLength(activationCasts(one, run))
      })
})
