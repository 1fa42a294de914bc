import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analysis/analyze.ts'
import { eager } from '../../src/engines/eager/eager.ts'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { loadProgram } from '../../src/project/load.ts'
import { runText } from '../../src/report/facts.ts'
import { hostOf } from '../support/host.ts'

function analysed(norms: readonly string[], abn: 'inplace' | 'separate' = 'inplace') {
  const body = norms.map((norm, index) => `y${index + 1} = y${index} -> conv(8, 3) -> ${norm}`).join('\n  ')
  const text = `network n() {\n  input 3 x 16 x 16\n  y0 = x\n  ${body}\n  return y${norms.length}\n}\n`
  const { graph } = elaborate(loadProgram('n.arch', hostOf({ 'n.arch': text })))
  if (graph === undefined) throw new Error('this network is not sound')
  return analyze(graph, { execution: eager(graph, { mode: 'training', abn }) })
}

describe('a report of norms that are asked to run in place', () => {
  it.each([
    [['abn(relu)', 'abn(relu)'], '0 of 2 batch norms in place (relu cannot be inverted)'],
    [
      ['abn', 'abn(silu)', 'abn(none)', 'abn(relu)'],
      '2 of 4 batch norms in place (relu, silu cannot be inverted)',
    ],
    [['abn(leaky_relu(0))'], '0 of 1 batch norms in place (leaky_relu(0) cannot be inverted)'],
    [['abn', 'abn(leaky_relu(1e-3))'], 'batch norm in place'],
  ])('%j', (norms, said) => {
    expect(runText(analysed(norms)).split(', nhwc, ')[1]?.replace(', training at batch 256', '')).toBe(said)
  })

  it('says nothing where they are not asked to, or there are none', () => {
    expect(runText(analysed(['abn(relu)'], 'separate'))).not.toContain('in place')
    expect(analysed(['batch_norm -> relu']).run).not.toHaveProperty('abn_in_place')
  })

  it('counts those that run as if they were asked to be separate: they cost the same', () => {
    const { bytes, kernels, memory } = analysed(['abn(relu)', 'abn(relu)'], 'separate')
    expect(analysed(['abn(relu)', 'abn(relu)'])).toMatchObject({
      bytes,
      kernels,
      memory: { peak: memory.peak },
    })
  })
})
