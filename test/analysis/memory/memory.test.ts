import { describe, expect, it } from 'vitest'
import type { MemoryAnalysis } from '../../../src/analysis/analysis.ts'
import { defaultExecution, type ExecutionOptions } from '../../../src/engines/kernel.ts'
import { eagerMemory, keptForBackward } from './support.ts'
import type { Graph, ValueId } from '../../../src/ir/graph.ts'
import { diagnosed } from '../../weights/diagnosed.ts'
import { conv, GraphSketch } from '../../ir/graph-fixtures.ts'

const fp32: ExecutionOptions = { ...defaultExecution, precision: 'fp32' }
const training: ExecutionOptions = { ...fp32, mode: 'training' }
const norm = { eps: 1e-5, momentum: 0.1, initial_scale: 1 }

/** Bytes of an fp32 map of 4 channels on 4 x 4 pixels. */
const MAP = 4 * 16 * 4
/** Of a picture of 2 channels. */
const PICTURE = 2 * 16 * 4

const bytesOf = ({ timeline }: MemoryAnalysis) => timeline.map(({ bytes }) => bytes)

const partsOf = ({ parts }: MemoryAnalysis) =>
  Object.fromEntries(parts.map(({ name, bytes }) => [name, bytes]))

/** A picture of 2 x 4 x 4, and whatever `build` makes of it. */
function sketched(build: (sketch: GraphSketch) => ValueId): Graph {
  const sketch = new GraphSketch(2, 4, 4)
  return sketch.graph('small', build(sketch))
}

const node = (
  sketch: GraphSketch,
  op: Parameters<GraphSketch['one']>[0]['op'],
  ...inputs: ValueId[]
): ValueId =>
  sketch.one({ op, path: `${op}${sketch.nodes.length}`, inputs, attributes: attributes[op] ?? {} })

const attributes: Readonly<Record<string, Parameters<GraphSketch['one']>[0]['attributes']>> = {
  conv: conv(4, 3),
  batch_norm: norm,
  linear: { features: 5, bias: true },
  abn: { ...norm, activation: 'leaky_relu', slope: 0.01 },
  split: { sizes: [2, 2] },
  dropout: { rate: 0.5 },
  blur_pool: { stride: [2, 2] },
  max_pool: { kernel: [2, 2], stride: [2, 2], padding: [0, 0, 0, 0] },
}

const classifier = () =>
  sketched((sketch) => {
    const maps = node(sketch, 'relu', node(sketch, 'batch_norm', node(sketch, 'conv', sketch.input)))
    return node(sketch, 'linear', node(sketch, 'global_avg_pool', maps))
  })

describe('memory of a convolution, norm, activation, mean and linear layer, in fp32', () => {
  // 4 * 2 * 9 of the convolution, 4 + 4 of the norm, 5 * 4 + 5 of the linear layer; 4 + 4 running statistics.
  const weights = 4 * (72 + 8 + 25)
  const running = 4 * 8
  // A mean a channel, and the logits.
  const mean = 4 * 4
  const logits = 4 * 5

  it('at inference: what is needed later, and the activation in place', () => {
    const memory = eagerMemory(classifier(), { options: fp32, batch: 1 })
    const stays = weights + running + PICTURE
    expect(bytesOf(memory)).toEqual([
      stays + MAP,
      stays + 2 * MAP, // the norm reads one and makes another
      stays + MAP,
      stays + MAP + mean,
      stays + mean + logits,
    ])
    expect(memory).toMatchObject({ peak: stays + 2 * MAP, peak_layer: 1 })
    expect(partsOf(memory)).toEqual({
      weights,
      'running statistics': running,
      input: PICTURE,
      activations: 2 * MAP,
    })
  })

  it('in training: what the backward pass needs, and gradients as they come and go', () => {
    const memory = eagerMemory(classifier(), { options: training, batch: 1 })
    // Weights, gradients, momentum; the next picture is loaded while this one is used.
    const stays = 3 * weights + running + 2 * PICTURE
    // Kept: the convolution's output by the norm, its statistics, the activation's output, the mean by the linear layer.
    const statistics = 2 * 4 * 4
    const full = stays + 2 * MAP + statistics + mean + logits
    expect(bytesOf(memory)).toEqual([
      stays + MAP,
      stays + 2 * MAP + statistics,
      stays + 2 * MAP + statistics,
      stays + 2 * MAP + statistics + mean,
      full,
      full + logits + mean + 4 * 25, // linear: both gradients, and its weights' before they are added
      full + MAP, // mean: its own gradient replaces what the linear layer had kept
      full - mean + 2 * MAP, // activation: the gradients on both sides
      full - mean - MAP + 2 * MAP + 4 * 8, // norm, likewise; the activation's output is gone
      full - mean - 2 * MAP - statistics + MAP + 4 * 72, // convolution: the picture needs no gradient
    ])
    expect(memory.timeline.map(({ layer, pass }) => [layer, pass])).toEqual([
      ...[0, 1, 2, 3, 4].map((layer) => [layer, 'forward']),
      ...[4, 3, 2, 1, 0].map((layer) => [layer, 'backward']),
    ])
    expect(memory).toMatchObject({ peak: full - mean + 2 * MAP, peak_layer: 2 })
    expect(partsOf(memory)).toEqual({
      weights,
      'running statistics': running,
      'weight gradients': weights,
      'optimiser state': weights,
      input: 2 * PICTURE,
      'kept for backward': 2 * MAP + statistics,
      'activation gradients': 2 * MAP,
      activations: logits,
    })
  })

  it.each([
    ['sgd', 0],
    ['momentum', weights],
    ['adam', 2 * weights],
  ] as const)('with %s, an optimiser state of %i bytes', (optimizer, bytes) => {
    const memory = eagerMemory(classifier(), { options: training, batch: 1, optimizer })
    expect(partsOf(memory)['optimiser state'] ?? 0).toBe(bytes)
    expect(
      partsOf(eagerMemory(classifier(), { options: fp32, batch: 1, optimizer }))['optimiser state'],
    ).toBe(undefined)
  })

  it('in mixed precision: half the maps, copies of pictures and of weights of filters', () => {
    const memory = eagerMemory(classifier(), { options: { ...training, precision: 'mixed' }, batch: 1 })
    const stays = 3 * weights + running + 2 * PICTURE
    const picture = PICTURE / 2
    const copy = 2 * 72
    expect(bytesOf(memory).slice(0, 2)).toEqual([
      stays + picture + copy + MAP / 2,
      stays + picture + copy + MAP + 32,
    ])
    // At the activation's backward pass: maps and gradients half as large, and so the logits.
    expect(bytesOf(memory)[7]).toBe(stays + picture + copy + MAP + 32 + logits / 2 + MAP)
  })

  it('in bf16: everything half, but the statistics', () => {
    const memory = eagerMemory(classifier(), { options: { ...training, precision: 'bf16' }, batch: 1 })
    const whole = eagerMemory(classifier(), { options: training, batch: 1 })
    expect(memory.peak).toBe((whole.peak - 32) / 2 + 32)
  })

  it('grows with the batch, but not what stays from step to step', () => {
    const [one, two, three] = [1, 2, 3].map(
      (batch) => eagerMemory(classifier(), { options: training, batch }).peak,
    )
    const stays = 3 * weights + running + 32
    expect(two! - stays).toBe(2 * (one! - stays))
    expect(three! - stays).toBe(3 * (one! - stays))
  })
})

describe('an activation', () => {
  it('takes new memory where something else needs its input', () => {
    const graph = sketched((sketch) => {
      const map = node(sketch, 'conv', sketch.input)
      return node(sketch, 'add', node(sketch, 'relu', map), map)
    })
    // The convolution's map, the activation's, the sum: at the sum all three.
    const memory = eagerMemory(graph, { options: fp32, batch: 1 })
    expect(partsOf(memory).activations).toBe(3 * MAP)
    // Of them the backward pass needs the activation's.
    expect(keptForBackward(graph, training, 1)).toBe(MAP)
  })

  it('that needs its input for the backward pass keeps a copy of it, and runs in place otherwise', () => {
    const graph = sketched((sketch) =>
      node(sketch, 'conv', node(sketch, 'silu', node(sketch, 'conv', sketch.input))),
    )
    expect(keptForBackward(graph, training, 1)).toBe(2 * MAP)
    expect(partsOf(eagerMemory(graph, { options: fp32, batch: 1 })).activations).toBe(2 * MAP)
  })
})

describe('activated batch norm', () => {
  const graph = () =>
    sketched((sketch) => node(sketch, 'conv', node(sketch, 'abn', node(sketch, 'conv', sketch.input))))
  const statistics = 2 * 4 * 4

  it('in place keeps one map: its output, which is also what the next convolution read', () => {
    expect(keptForBackward(graph(), { ...training, abn: 'inplace' }, 1)).toBe(MAP + statistics)
  })

  it('makes the normalised map again in the backward pass', () => {
    const { timeline } = eagerMemory(graph(), { options: { ...training, abn: 'inplace' }, batch: 1 })
    const stays = 3 * 4 * (72 + 8 + 144) + 32 + 2 * PICTURE
    // Kept, the result that the caller has, the gradients on both sides, the normalised map, and the weights' gradients.
    expect(timeline.find(({ layer, pass }) => layer === 1 && pass === 'backward')?.bytes).toBe(
      stays + MAP + statistics + MAP + 3 * MAP + 4 * 8,
    )
  })

  it('in two kernels keeps two: the input of the norm, and the activation in place of its output', () => {
    expect(keptForBackward(graph(), { ...training, abn: 'separate' }, 1)).toBe(2 * MAP + statistics)
  })
})

describe('what the backward pass needs', () => {
  it.each([
    // The input, and 8 bytes for each of the 4 * 2 * 2 maxima.
    ['max_pool', MAP + 8 * 16],
    // The input, and the map with a margin of one pixel: 4 * 6 * 6.
    ['blur_pool', MAP + 4 * 4 * 36],
    // A boolean an element.
    ['dropout', 64],
    ['global_avg_pool', 0],
    ['sigmoid', MAP],
  ] as const)('of %s after a convolution: %i bytes', (op, bytes) => {
    const graph = sketched((sketch) => node(sketch, op, node(sketch, 'conv', sketch.input)))
    expect(keptForBackward(graph, training, 1)).toBe(bytes)
  })

  it('of a product is both factors, of a sum nothing, and each piece of memory counts once', () => {
    const product = sketched((sketch) => {
      const a = node(sketch, 'conv', sketch.input)
      return node(sketch, 'mul', a, node(sketch, 'sigmoid', a))
    })
    // The sigmoid and the product keep the same output.
    expect(keptForBackward(product, training, 1)).toBe(2 * MAP)
    const sum = sketched((sketch) =>
      node(sketch, 'add', node(sketch, 'conv', sketch.input), node(sketch, 'conv', sketch.input)),
    )
    expect(keptForBackward(sum, training, 1)).toBe(0)
  })

  it('of a part is the whole, of which it is a view', () => {
    const graph = sketched((sketch) => {
      const map = node(sketch, 'conv', sketch.input)
      const [first = -1] = sketch.use({
        op: 'split',
        path: 'split',
        inputs: [map],
        attributes: { sizes: [2, 2] },
      })
      return sketch.one({ op: 'conv', path: 'last', inputs: [first], attributes: conv(4, 1) })
    })
    expect(keptForBackward(graph, training, 1)).toBe(MAP)
  })

  it('of an unevenly padded convolution is the padded input', () => {
    const graph = sketched((sketch) =>
      sketch.one({
        op: 'conv',
        path: 'last',
        inputs: [node(sketch, 'conv', sketch.input)],
        attributes: conv(4, 3, { padding: [0, 1, 1, 0] }),
      }),
    )
    expect(keptForBackward(graph, training, 1)).toBe(4 * 4 * 25)
  })
})

describe('gradients', () => {
  it('of a sum are shared by what it added, and added where a value was used twice', () => {
    const graph = sketched((sketch) => {
      const a = node(sketch, 'conv', sketch.input)
      return node(sketch, 'add', node(sketch, 'relu', a), a)
    })
    const { timeline } = eagerMemory(graph, { options: training, batch: 1 })
    const stays = 3 * 4 * 72 + 2 * PICTURE
    // Held: the sum, by the caller, and the activation's output until its own backward pass.
    expect(timeline.slice(-3)).toEqual([
      { layer: 2, pass: 'backward', bytes: stays + 2 * MAP + MAP }, // one gradient, for both
      { layer: 1, pass: 'backward', bytes: stays + 2 * MAP + 2 * MAP }, // the activation's beside it, then added to it
      { layer: 0, pass: 'backward', bytes: stays + MAP + MAP + 4 * 72 },
    ])
  })
})

describe('workspace', () => {
  const graph = () => sketched((sketch) => node(sketch, 'conv', node(sketch, 'conv', sketch.input)))

  it('holds copies with channels last where matrix units want them', () => {
    const [nchw, nhwc] = (['nchw', 'nhwc'] as const).map((layout) =>
      bytesOf(eagerMemory(graph(), { options: { ...defaultExecution, layout }, batch: 1 })),
    )
    // Of what each convolution reads and writes, in fp16.
    expect(nchw?.[0]).toBe((nhwc?.[0] ?? NaN) + (PICTURE + MAP) / 2)
    expect(nchw?.[1]).toBe((nhwc?.[1] ?? NaN) + MAP)
  })

  it('is not needed without matrix units', () => {
    const [nchw, nhwc] = (['nchw', 'nhwc'] as const).map((layout) =>
      bytesOf(eagerMemory(graph(), { options: { ...fp32, layout }, batch: 1 })),
    )
    expect(nchw).toEqual(nhwc)
  })
})

describe('refused', () => {
  it.each([0, -1, 1.5, NaN, Infinity])('a batch of %s', (batch) => {
    expect(() => eagerMemory(classifier(), { options: fp32, batch })).toThrow(RangeError)
  })

  it('more bytes than are counted exactly', () => {
    expect(diagnosed(() => eagerMemory(classifier(), { options: fp32, batch: 2 ** 50 }))).toMatchObject({
      code: 'E1301',
      message: '`small` has 7.21e+17 bytes of memory, more than can be counted exactly (2^53)',
    })
  })
})
