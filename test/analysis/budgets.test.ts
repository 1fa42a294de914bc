import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analysis/analyze.ts'
import { exceeded } from '../../src/analysis/budgets.ts'
import { roofline } from '../../src/analysis/time/time-model.ts'
import { githubAnnotation } from '../../src/diagnostics/github.ts'
import { builtInDevice } from '../../src/host/built-ins.ts'
import { smallGraph } from '../ir/graph-fixtures.ts'
import { networkGraph } from '../networks/support.ts'

const device = builtInDevice('rtx3090')
const analysis = analyze(smallGraph(), { prediction: { device, model: roofline(device) } })

describe('budgets', () => {
  it('that are kept are silent, to the last unit', () => {
    const { macs, bytes, memory, time } = analysis
    expect(exceeded(analysis, { macs, bytes, peak_memory: memory.peak, seconds: time!.seconds })).toEqual([])
    expect(exceeded(analysis, {})).toEqual([])
  })

  it('E1302 blames the layer with the largest part, at its line', () => {
    const [fault] = exceeded(analysis, { macs: analysis.macs - 1 })
    expect(fault).toMatchObject({
      code: 'E1302',
      place: { path: 'small.arch', position: { line: 2, column: 3 } },
      // 16 * 12 * 8 * 27 of 41472 + 12288 + 80
      message:
        '`small` takes 53.84 kMACs an image, and the budget is 53.84 kMACs an image; `stem.conv1` (conv) has the ' +
        'largest part of it: 41.47 kMACs an image, 77 %',
    })
  })

  it('of memory blame what runs at the peak', () => {
    const [fault] = exceeded(analysis, { peak_memory: 1 })
    const { peak_layer } = analysis.memory
    expect(fault?.message).toContain(`\`${analysis.layers[peak_layer]!.path}\``)
    expect(fault?.message).toContain('is where the peak is reached')
  })

  it('each is judged by itself', () => {
    const faults = exceeded(analysis, { macs: 1, bytes: 1, seconds: 1e-12, peak_memory: 1 })
    expect(faults.map(({ code }) => code)).toEqual(['E1302', 'E1302', 'E1302', 'E1302'])
  })
})

describe('annotations of GitHub', () => {
  it('carry file, line and code', () => {
    const [fault] = exceeded(analysis, { macs: 1 })
    expect(githubAnnotation(fault!)).toMatch(
      /^::error file=small\.arch,line=2,col=3,title=E1302::`small` takes/,
    )
  })

  it('cannot be ended or followed by what a name holds', () => {
    const [fault] = exceeded({ ...analysis, network: 'a\n::error file=x::b%' }, { macs: 1 })
    const place = { path: 'a,b:c\n::d' }
    const text = githubAnnotation({ ...fault!, place })
    expect(text.split('\n')).toHaveLength(1)
    expect(text).toContain('file=a%2Cb%3Ac')
    expect(text.match(/::/g)?.length).toBeGreaterThanOrEqual(2)
    expect(text.startsWith('::error file=')).toBe(true)
  })
})

it("blames a line of the network's own file, not of the library", () => {
  const graph = networkGraph('tresnet_m')
  const [fault] = exceeded(analyze(graph), { macs: 1e9 })
  const { layers } = analyze(graph)
  const blamed = layers.reduce((most, layer) => (layer.macs > most.macs ? layer : most))
  expect(blamed.location.file).toBe('std/tresnet.arch')
  expect(blamed.called_from.file).toBe('specs/networks/tresnet.arch')
  expect(fault?.place).toMatchObject({ path: blamed.called_from.file, position: blamed.called_from })
})
