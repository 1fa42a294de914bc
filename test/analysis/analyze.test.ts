import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analysis/analyze.ts'
import { eager } from '../../src/engines/eager/eager.ts'
import { fused } from '../../src/engines/fused/fused.ts'
import { defaultExecution } from '../../src/engines/kernel.ts'
import { roofline } from '../../src/analysis/time/time-model.ts'
import { builtInDevice } from '../../src/host/built-ins.ts'
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
    expect(layers[0]).toMatchObject({
      path: 'stem.conv1',
      op: 'conv',
      kind: 'dense',
      part: 'stem',
      output: [8, 16, 12],
      parameters: 216,
      macs: 41472,
      fixed_macs: 0,
      location: { file: 'small.arch', line: 2, column: 3 },
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
    const counts = ['parameters', 'macs', 'fixed_macs', 'arithmetic', 'bytes_read', 'bytes_written'] as const
    for (const count of [...counts, 'bytes_weights', 'kernels'] as const) {
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

describe('with a device', () => {
  const device = builtInDevice('rtx3090')
  const analysis = analyze(smallGraph(), { batch: 8, prediction: { device, model: roofline(device) } })

  it('times add up, layer by layer, bound by bound', () => {
    const { time, layers, throughput } = analysis
    const total = layers.reduce((sum, layer) => sum + layer.time!.seconds, 0)
    expect(total).toBeCloseTo(time!.seconds, 12)
    expect(time!.compute + time!.memory + time!.launch).toBeCloseTo(time!.seconds, 12)
    expect(layers.reduce((sum, layer) => sum + layer.time!.share, 0)).toBeCloseTo(1, 12)
    expect(throughput).toMatchObject({ device: 'rtx3090', model: 'roofline', seconds: time!.seconds })
    expect(throughput!.images_per_second).toBeCloseTo(8 / time!.seconds, 6)
  })

  it('no speed is above either ceiling', () => {
    const { images_per_second, compute_ceiling, memory_ceiling } = analysis.throughput!
    expect(images_per_second).toBeLessThan(Math.min(compute_ceiling, memory_ceiling))
  })

  it('without one there are no times', () => {
    const without = analyze(smallGraph())
    expect([without.time, without.throughput, without.layers[0]?.time]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('bytes', () => {
  it("are one image's, with its part of the weights'", () => {
    const one = analyze(smallGraph(), { batch: 1 })
    const many = analyze(smallGraph(), { batch: 64 })
    expect(many.bytes_read).toBe(one.bytes_read)
    expect(many.bytes_weights).toBe(one.bytes_weights)
    expect(many.bytes).toBe(one.bytes_read + one.bytes_written + one.bytes_weights / 64)
    expect(many.intensity).toBeCloseTo((2 * (one.macs + one.fixed_macs)) / many.bytes, 9)
  })

  it('of what is fused are those of the kernel that does it', () => {
    const execution = fused(smallGraph(), defaultExecution)
    const { layers } = analyze(smallGraph(), { execution })
    const joined = layers.filter(({ kind }) => kind === 'fused')
    expect(joined.length).toBeGreaterThan(0)
    for (const layer of joined) {
      expect(layer).toMatchObject({ bytes: 0, kernels: 0 })
      expect(layers.find(({ path }) => path === layer.fused_into)?.kernels).toBeGreaterThan(0)
    }
  })
})

it('E1301: sums that cannot be exact are refused', () => {
  const huge = { ...smallGraph() }
  const exact = eager(huge, defaultExecution)
  const calls = exact.calls.map((call) => ({
    ...call,
    kernels: call.kernels.map((kernel) => ({ ...kernel, read: 2 ** 52 })),
  }))
  const execution = { ...exact, calls }
  expect(() => analyze(huge, { execution })).toThrow(/E1301: `small` has .* bytes read/)
})
