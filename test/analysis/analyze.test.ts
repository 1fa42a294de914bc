import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analysis/analyze.ts'
import { conv, GraphSketch, smallGraph } from '../ir/graph-fixtures.ts'

describe('analyze', () => {
  it('counts parameters, MACs and shapes of every part', () => {
    // conv 3->8 3x3 s2 on 32x24: 16*12*8*27; abn 8+8 trainable, 8+8 running; conv 1x1 8->8 with bias; linear 8->10
    expect(analyze(smallGraph())).toMatchObject({
      network: 'small',
      input: [3, 32, 24],
      parameters: 216 + 16 + 72 + 90,
      buffer_elements: 16,
      macs: 41472 + 12288 + 80,
      fixed_macs: 8 * 8 * 6 * 9,
      stages: [
        { name: 'stem', kind: 'stem', output: [8, 16, 12], parameters: 232, macs: 41472 },
        { name: 'layer1', kind: 'stage', output: [8, 8, 6], parameters: 72, macs: 12288 },
        { name: 'head', kind: 'head', output: [10], parameters: 90, macs: 80 },
        { name: 'other', kind: 'other', output: [8, 8, 6], parameters: 0, macs: 0 },
      ],
    })
  })

  it('lists the layers in the order of execution', () => {
    const { layers } = analyze(smallGraph())
    expect(layers.map(({ path }) => path)).toEqual(smallGraph().nodes.map(({ path }) => path))
    expect(layers[0]).toEqual({
      path: 'stem.conv1',
      op: 'conv',
      part: 'stem',
      output: [8, 16, 12],
      parameters: 216,
      macs: 41472,
      fixed_macs: 0,
    })
  })

  it('has no row `other` where every operator has a part', () => {
    const sketch = new GraphSketch(3, 8, 8)
    const stem = sketch.one({
      op: 'conv',
      path: 'stem.conv1',
      attributes: conv(4, 3),
      inputs: [sketch.input],
    })
    sketch.part('stem', 'stem', stem)
    expect(analyze(sketch.graph('tiny', stem)).stages.map(({ kind }) => kind)).toEqual(['stem'])
  })

  it('adds up: layers to parts, parts to totals', () => {
    const { stages, layers, ...totals } = analyze(smallGraph())
    for (const count of ['parameters', 'macs', 'fixed_macs'] as const) {
      expect(stages.reduce((sum, stage) => sum + stage[count], 0)).toBe(totals[count])
      expect(layers.reduce((sum, layer) => sum + layer[count], 0)).toBe(totals[count])
    }
  })

  it('counts MACs of a convolution in proportion to the area, and its parameters not', () => {
    const convOn = (height: number, width: number) => {
      const sketch = new GraphSketch(4, height, width)
      const out = sketch.one({
        op: 'conv',
        path: 'stem.conv1',
        attributes: conv(8, 3, { groups: 2 }),
        inputs: [0],
      })
      sketch.part('stem', 'stem', out)
      return analyze(sketch.graph('one', out))
    }
    const size = fc.integer({ min: 1, max: 300 })
    const property = fc.property(size, size, (height, width) => {
      const { macs, parameters } = convOn(height, width)
      expect(macs).toBe(height * width * 8 * 2 * 9)
      expect(parameters).toBe(8 * 2 * 9)
    })
    fc.assert(property)
  })
})
