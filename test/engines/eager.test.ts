import { describe, expect, it } from 'vitest'
import { eager } from '../../src/engines/eager/eager.ts'
import { defaultExecution } from '../../src/engines/kernel.ts'
import { kernelsOf } from '../../src/engines/schedule.ts'
import { GraphView } from '../../src/ir/view.ts'
import { operatorOf } from '../../src/ir/ops/index.ts'
import { conv, type GraphSketch } from '../ir/graph-fixtures.ts'
import { networkGraph } from '../networks/support.ts'
import { chain, eagerRows, norm, kernelsOfPass } from './support.ts'

/** 8 x 4 x 4 in, as many out: 128 elements. */
const convolved = (more = {}) =>
  chain([8, 4, 4], (sketch, x) =>
    sketch.one({ op: 'conv', path: 'a.conv1', attributes: conv(8, 3, more), inputs: [x] }),
  )

describe('a convolution under autocast', () => {
  it('casts its weights once a step, its input, and adds the bias in a pass of its own', () => {
    expect(eagerRows(convolved({ bias: true }))).toEqual([
      // 8 * 8 * 9 weights and 8 biases, read in fp32 and written in fp16
      ['cast', 'cast', 0, 0, (576 + 8) * 6],
      ['cast', 'cast', 128 * 4, 128 * 2, 0],
      ['conv', 'dense', 128 * 2, 128 * 2, 576 * 2],
      ['bias', 'pointwise', 128 * 2, 128 * 2, 8 * 2],
    ])
  })

  it('casts nothing where everything is of one type', () => {
    expect(eagerRows(convolved(), { precision: 'fp32' })).toEqual([
      ['conv', 'dense', 128 * 4, 128 * 4, 576 * 4],
    ])
    expect(eagerRows(convolved(), { precision: 'bf16' })).toEqual([
      ['conv', 'dense', 128 * 2, 128 * 2, 576 * 2],
    ])
  })

  it('pads channels that are no multiple of 8, on tensor cores only', () => {
    const odd = chain([12, 4, 4], (sketch, x) =>
      sketch.one({ op: 'conv', path: 'a.conv1', attributes: conv(20, 1), inputs: [x] }),
    )
    expect(eagerRows(odd, { precision: 'fp16' })).toEqual([
      ['pad channels', 'copy', 192 * 2, 192 * 2, 0],
      ['unpad channels', 'copy', 320 * 2, 320 * 2, 0],
      ['conv', 'dense', 192 * 2, 320 * 2, 12 * 20 * 2],
    ])
    expect(eagerRows(odd, { precision: 'fp32' }).map(([name]) => name)).toEqual(['conv'])
  })

  it('runs depthwise on the vector units, dense on the matrix units', () => {
    const unitOf = (groups: number) =>
      kernelsOf(eager(convolved({ groups }), { ...defaultExecution, precision: 'fp16' })).map(
        ({ kind, unit, macs }) => [kind, unit, macs],
      )
    expect(unitOf(1)).toEqual([['dense', 'matrix', 128 * 8 * 9]])
    expect(unitOf(2)).toEqual([['grouped', 'matrix', 128 * 4 * 9]])
    expect(unitOf(8)).toEqual([['depthwise', 'vector', 128 * 9]])
  })
})

describe('types under autocast', () => {
  it('follow the inputs, but for what loses too much in fp16', () => {
    const graph = chain([8, 4, 4], (sketch, x) => {
      const y = sketch.one({ op: 'conv', path: 'a.conv1', attributes: conv(8, 1), inputs: [x] })
      const normed = sketch.one({ op: 'layer_norm', path: 'a.norm', attributes: { eps: 1e-6 }, inputs: [y] })
      const sum = sketch.one({ op: 'add', path: 'a.add', inputs: [y, normed] })
      return sketch.one({ op: 'global_avg_pool', path: 'a.pool', inputs: [sum] })
    })
    expect(eagerRows(graph).slice(3)).toEqual([
      ['cast', 'cast', 128 * 2, 128 * 4, 0],
      ['layer_norm', 'norm', 128 * 4, 128 * 4, 16 * 4],
      // one side fp16, one fp32: the sum is fp32
      ['add', 'pointwise', 128 * (2 + 4), 128 * 4, 0],
      ['global_avg_pool', 'reduction', 128 * 4, 8 * 4, 0],
    ])
  })
})

describe('memory formats', () => {
  const flat = chain([8, 4, 4], (sketch, x) => sketch.one({ op: 'flatten', path: 'a.flatten', inputs: [x] }))

  it('a view is free where the order in memory is the logical one', () => {
    expect(eagerRows(flat, { layout: 'nchw', precision: 'fp32' })).toEqual([])
    expect(eagerRows(flat, { layout: 'nhwc', precision: 'fp32' })).toEqual([
      ['contiguous', 'copy', 128 * 4, 128 * 4, 0],
    ])
  })

  it('a part of a tensor is copied before a convolution', () => {
    const graph = chain([16, 4, 4], (sketch, x) => {
      const [part = -1] = sketch.use({
        op: 'split',
        path: 'a.split',
        attributes: { sizes: [8, 8] },
        inputs: [x],
      })
      const y = sketch.one({ op: 'relu', path: 'a.relu', inputs: [part] })
      sketch.one({ op: 'conv', path: 'a.conv1', attributes: conv(8, 1), inputs: [part] })
      return y
    })
    expect(eagerRows(graph, { precision: 'fp32' })).toEqual([
      ['relu', 'pointwise', 128 * 4, 128 * 4, 0],
      ['contiguous', 'copy', 128 * 4, 128 * 4, 0],
      ['conv', 'dense', 128 * 4, 128 * 4, 64 * 4],
    ])
  })

  it('inplace_abn pays a sector an element where channels lie together', () => {
    const graph = chain([8, 4, 4], (sketch, x) =>
      sketch.one({
        op: 'abn',
        path: 'a.abn',
        attributes: { ...norm, activation: 'leaky_relu', slope: 0.1 },
        inputs: [x],
      }),
    )
    const options = { precision: 'fp16', abn: 'inplace' } as const
    expect(eagerRows(graph, { ...options, layout: 'nchw' })).toEqual([
      ['inplace_abn', 'norm', 128 * 2, 128 * 2, 4 * 8 * 2],
    ])
    expect(eagerRows(graph, { ...options, layout: 'nhwc' })).toEqual([
      ['inplace_abn', 'norm', 128 * 32, 128 * 32, 4 * 8 * 2],
    ])
    expect(eagerRows(graph, { precision: 'fp16' }).map(([name]) => name)).toEqual([
      'batch_norm',
      'leaky_relu',
    ])
  })
})

it('an activation that cannot be inverted is never done in place', () => {
  const graph = chain([8, 4, 4], (sketch, x) => {
    const attributes = { ...norm, activation: 'relu', slope: 0 }
    return sketch.one({ op: 'abn', path: 'a.abn', attributes, inputs: [x] })
  })
  const names = eagerRows(graph, { precision: 'fp16', abn: 'inplace' }).map(([name]) => name)
  expect(names).toEqual(['batch_norm', 'relu'])
})

it('an activated batch norm is the norm of its own, and the activation', () => {
  const draw = (op: 'abn' | 'batch_norm') => (sketch: GraphSketch, x: number) => {
    const attributes = op === 'abn' ? { ...norm, activation: 'leaky_relu', slope: 0.1 } : norm
    return sketch.one({ op, path: 'a.bn', attributes, inputs: [x] })
  }
  for (const mode of ['inference', 'training'] as const) {
    const arithmetic = (op: 'abn' | 'batch_norm') =>
      kernelsOfPass(eager(chain([8, 4, 4], draw(op)), { precision: 'fp16', mode }), 'forward').map(
        (kernel) => kernel.arithmetic,
      )
    // a comparison and a product each
    expect(arithmetic('abn')).toEqual([...arithmetic('batch_norm'), 2 * 128])
  }
})

describe('a partial convolution', () => {
  const graph = chain([32, 4, 4], (sketch, x) =>
    sketch.one({
      op: 'partial_conv',
      path: 'a.conv1',
      attributes: { channels: 8, kernel: [3, 3], padding: [1, 1, 1, 1], bias: false },
      inputs: [x],
    }),
  )

  it('by slicing clones, convolves a quarter and writes it back', () => {
    expect(eagerRows(graph, { precision: 'fp16', partialConv: 'slicing' })).toEqual([
      ['clone', 'copy', 512 * 2, 512 * 2, 0],
      ['contiguous', 'copy', 128 * 2, 128 * 2, 0],
      ['conv', 'dense', 128 * 2, 128 * 2, 576 * 2],
      ['copy', 'copy', 128 * 2, 128 * 2, 0],
    ])
  })

  it('by split and concatenation joins all channels again', () => {
    expect(eagerRows(graph, { precision: 'fp16', partialConv: 'split_cat' })).toEqual([
      ['contiguous', 'copy', 128 * 2, 128 * 2, 0],
      ['conv', 'dense', 128 * 2, 128 * 2, 576 * 2],
      ['concat', 'copy', 512 * 2, 512 * 2, 0],
    ])
  })
})

describe('pools and blur', () => {
  it('max pooling writes positions too; blur pads first', () => {
    const graph = chain([8, 4, 4], (sketch, x) => {
      const window = { kernel: [2, 2], stride: [2, 2], padding: [0, 0, 0, 0] }
      sketch.one({ op: 'max_pool', path: 'a.pool', attributes: window, inputs: [x] })
      return sketch.one({ op: 'blur_pool', path: 'a.blur', attributes: { stride: [2, 2] }, inputs: [x] })
    })
    expect(eagerRows(graph, { precision: 'fp16' })).toEqual([
      ['max_pool', 'pool', 128 * 2, 32 * 2 + 32 * 8, 0],
      ['pad', 'copy', 128 * 2, 8 * 36 * 2, 0],
      ['blur', 'depthwise', 8 * 36 * 2, 32 * 2, 0],
    ])
  })
})

describe('training', () => {
  const graph = chain([8, 4, 4], (sketch, x) => {
    const first = sketch.one({ op: 'conv', path: 'a.conv1', attributes: conv(8, 1), inputs: [x] })
    const act = sketch.one({ op: 'relu', path: 'a.relu', inputs: [first] })
    const second = sketch.one({ op: 'conv', path: 'a.conv2', attributes: conv(8, 1), inputs: [act] })
    return sketch.one({ op: 'add', path: 'a.add', inputs: [second, act] })
  })

  it('walks back in reverse, adds gradients where a value was used twice, and updates', () => {
    const schedule = eager(graph, { ...defaultExecution, precision: 'fp32', mode: 'training' })
    const kernels = kernelsOf(schedule)
    expect(
      schedule.calls.flatMap(({ pass, kernels }) => kernels.map(({ name }) => `${pass}: ${name}`)),
    ).toEqual([
      ...['forward: conv', 'forward: relu', 'forward: conv', 'forward: add'],
      ...['backward: conv backward input', 'backward: conv backward weight', 'backward: add gradients'],
      // The first convolution's input is the picture, which needs no gradient.
      ...['backward: relu backward', 'backward: conv backward weight'],
      ...['update: update', 'update: update'],
    ])
    const byName = new Map(kernels.map((kernel) => [kernel.name, kernel]))
    expect(byName.get('add gradients')).toMatchObject({ read: 2 * 128 * 4, written: 128 * 4 })
    expect(byName.get('relu backward')).toMatchObject({ read: 2 * 128 * 4, written: 128 * 4 })
    // weight, gradient and momentum in; weight and momentum out
    expect(byName.get('update')).toMatchObject({ weights: 64 * 5 * 4 })
  })

  it('takes three times the MACs of inference, but for the first layer', () => {
    const resnet = networkGraph('resnet18')
    const macs = (mode: 'inference' | 'training') =>
      kernelsOf(eager(resnet, { ...defaultExecution, mode })).reduce((sum, kernel) => sum + kernel.macs, 0)
    const stem = 64 * 112 * 112 * 3 * 49
    expect(macs('training')).toBe(3 * macs('inference') - stem)
  })

  it('goes back through an activated batch norm in two kernels, or one in place', () => {
    const activated = chain([8, 4, 4], (sketch, x) =>
      sketch.one({
        op: 'abn',
        path: 'a.abn',
        attributes: { ...norm, activation: 'leaky_relu', slope: 0.1 },
        inputs: [x],
      }),
    )
    const back = (abn: 'separate' | 'inplace') =>
      eagerRows(activated, { precision: 'fp16', mode: 'training', layout: 'nchw', abn }).filter(([name]) =>
        String(name).endsWith('backward'),
      )
    expect(back('separate')).toEqual([
      ['leaky_relu backward', 'pointwise', 2 * 128 * 2, 128 * 2, 0],
      ['batch_norm backward', 'norm', 4 * 128 * 2, 128 * 2, 2 * 16 * 2],
    ])
    expect(back('inplace')).toEqual([['abn backward', 'norm', 4 * 128 * 2, 3 * 128 * 2, 2 * 16 * 2]])
  })

  it('updates what is kept in half precision in half precision', () => {
    const update = (precision: 'mixed' | 'bf16') => eagerRows(graph, { precision, mode: 'training' }).at(-1)
    expect(update('mixed')).toEqual(['update', 'pointwise', 0, 0, 64 * 5 * 4])
    expect(update('bf16')).toEqual(['update', 'pointwise', 0, 0, 64 * 5 * 2])
  })

  it('reads maps of a batch norm twice in each direction', () => {
    const normed = chain([8, 4, 4], (sketch, x) =>
      sketch.one({ op: 'batch_norm', path: 'a.norm', attributes: norm, inputs: [x] }),
    )
    expect(eagerRows(normed, { precision: 'fp32', mode: 'training' }).slice(0, 2)).toEqual([
      ['batch_norm', 'norm', 2 * 128 * 4, 128 * 4, 4 * 8 * 4],
      // weight and bias are read, and their gradients written
      ['batch_norm backward', 'norm', 4 * 128 * 4, 128 * 4, 2 * 16 * 4],
    ])
  })
})

it.each(['tresnet_m', 'ghostnet_100', 'mixnet_s', 'fasternet_t0', 'shufflenet_v2_x1_0'])(
  '%s: kernels do the MACs of the graph, and none moves nothing',
  (name) => {
    const graph = networkGraph(name)
    const kernels = kernelsOf(eager(graph, defaultExecution))
    const costs = new GraphView(graph).nodes.map(({ node, inputs, outputs }) =>
      operatorOf(node.op).cost(node.attributes, inputs, outputs),
    )
    const macs = costs.reduce((sum, { inference }) => sum + inference.macs + inference.fixedMacs, 0)
    expect(kernels.reduce((sum, kernel) => sum + kernel.macs, 0)).toBe(macs)
    expect(kernels.filter(({ read, written, weights }) => read + written + weights === 0)).toEqual([])
  },
)
