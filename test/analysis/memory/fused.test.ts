import { describe, expect, it } from 'vitest'
import { memoryOf } from '../../../src/analysis/memory/memory.ts'
import { fused } from '../../../src/engines/fused/fused.ts'
import type { ExecutionOptions } from '../../../src/engines/kernel.ts'
import type { Graph, ValueId } from '../../../src/ir/graph.ts'
import { networkGraph } from '../../networks/support.ts'
import { conv, GraphSketch } from '../../ir/graph-fixtures.ts'
import { eagerMemory } from './support.ts'

/** Bytes of an fp32 map of 4 channels on 4 x 4 pixels, and of a picture of 2. */
const MAP = 4 * 16 * 4
const PICTURE = 2 * 16 * 4
const norm = { eps: 1e-5, momentum: 0.1, initial_scale: 1 }
const fp32: Partial<ExecutionOptions> = { precision: 'fp32' }

const convolved = (sketch: GraphSketch, input: ValueId, size = 3): ValueId =>
  sketch.one({ op: 'conv', path: `conv${sketch.nodes.length}`, inputs: [input], attributes: conv(4, size) })

/** A picture of 2 x 4 x 4, and whatever `build` makes of it. */
function sketched(build: (sketch: GraphSketch) => ValueId): Graph {
  const sketch = new GraphSketch(2, 4, 4)
  return sketch.graph('small', build(sketch))
}

const normed = () =>
  sketched((sketch) => {
    const map = convolved(sketch, sketch.input)
    const norms = sketch.one({ op: 'batch_norm', path: 'norm', inputs: [map], attributes: norm })
    return convolved(sketch, sketch.one({ op: 'relu', path: 'relu', inputs: [norms] }))
  })

const keptBytes = (graph: Graph): number =>
  fused(graph, { ...fp32, mode: 'training' })
    .storages.filter(({ part }) => part === 'kept for backward')
    .reduce((sum, { image, step }) => sum + image + step, 0)

describe('memory under a fusing compiler', () => {
  it('has no values that lie within a kernel', () => {
    const { timeline } = memoryOf(fused(normed(), fp32), { batch: 1 })
    const stays = 4 * (72 + 8 + 144) + 4 * 8 + PICTURE
    // The convolution with its norm and activation is one kernel, the second convolution another.
    expect(timeline).toEqual([
      { layer: 0, pass: 'forward', bytes: stays + MAP },
      { layer: 3, pass: 'forward', bytes: stays + 2 * MAP },
    ])
  })

  it('writes the result of an element-by-element kernel over an input that nothing needs afterwards', () => {
    const graph = sketched((sketch) => {
      const map = convolved(sketch, sketch.input)
      const mean = sketch.one({ op: 'global_avg_pool', path: 'mean', inputs: [map] })
      const gate = sketch.one({ op: 'sigmoid', path: 'gate', inputs: [convolved(sketch, mean, 1)] })
      return sketch.one({ op: 'mul', path: 'mul', inputs: [map, gate] })
    })
    const { timeline } = memoryOf(fused(graph, fp32), { batch: 1 })
    const stays = 4 * (72 + 16) + PICTURE
    expect(timeline.at(-1)).toEqual({ layer: 4, pass: 'forward', bytes: stays + MAP + 4 * 4 })
  })

  it('keeps for the backward pass what its kernels read', () => {
    // The norm keeps its input and a mean and a deviation a channel; the activation's result is what the convolution read.
    expect(keptBytes(normed())).toBe(2 * MAP + 2 * 4 * 4)
  })

  it('keeps the result of a convolution that the activation in the same kernel needs', () => {
    const graph = sketched((sketch) =>
      convolved(sketch, sketch.one({ op: 'silu', path: 'silu', inputs: [convolved(sketch, sketch.input)] })),
    )
    expect(keptBytes(graph)).toBe(2 * MAP)
  })

  it.each(['resnet50', 'tresnet_m', 'efficientnet_b0', 'fasternet_t0', 'ghostnet_100', 'shufflenet_v2_x1_0'])(
    '%s: less than under eager PyTorch, and frees every gradient',
    (name) => {
      const graph = networkGraph(name)
      for (const mode of ['inference', 'training'] as const) {
        const options = {
          precision: 'mixed',
          layout: 'nhwc',
          abn: 'separate',
          partialConv: 'split_cat',
          mode,
        } as const
        const schedule = fused(graph, options)
        const memory = memoryOf(schedule, { batch: 64 })
        expect(memory.peak).toBeLessThan(eagerMemory(graph, { options, batch: 64 }).peak)
        expect(memory.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(memory.peak)
        expect(memory.unmeasured).toContain('TorchInductor')
      }
    },
  )
})
