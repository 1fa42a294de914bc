import { engine, getBackend, memory, relu, removeBackend, tensor1d, tidy } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { memoryOf } from '../../../src/analysis/memory/memory.ts'
import { analyze } from '../../../src/analysis/analyze.ts'
import { defaultExecution, type Kernel } from '../../../src/engines/kernel.ts'
import { kernelsOf as launchesOf } from '../../../src/engines/schedule.ts'
import { tfjsBackends, type TfjsBackend } from '../../../src/backends/tfjs/trace/engines.ts'
import { tfjs } from '../../../src/backends/tfjs/backend.ts'
import { lowerings } from '../../../src/backends/tfjs/trace/lowering/index.ts'
import type { KernelLowerings } from '../../../src/backends/tfjs/trace/lowering/lowering.ts'
import { Recorder } from '../../../src/backends/tfjs/trace/recorder.ts'
import { trace, traceTfjs } from '../../../src/backends/tfjs/trace/trace.ts'
import { onRecorder } from '../../../src/backends/tfjs/trace/tracing-backend.ts'
import { DiagnosticError } from '../../../src/diagnostics/diagnostic.ts'
import type { Graph } from '../../../src/ir/graph.ts'
import { tensor } from '../../../src/ir/tensor-type.ts'
import { openTfjs } from '../../../src/backends/tfjs/node/device.ts'
import { networkGraph } from '../../networks/support.ts'
import { GraphBuilder } from '../graph-builder.ts'
import { allCases } from '../op-cases.ts'
import { graphOf } from './support.ts'

const window = { kernel: [3, 3], stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1] } as const

/** conv 3 x 3 with bias, 3 to 4 channels on 6 x 8, and relu. */
function convAndRelu(): Graph {
  const builder = new GraphBuilder([tensor(3, 6, 8)])
  const attributes = { ...window, channels: 4, groups: 1, bias: true }
  return builder.graph(builder.node('relu', {}, builder.node('conv', attributes, builder.inputs)))
}

const kernelsOf = (graph: Graph, backend: TfjsBackend): readonly Kernel[] =>
  launchesOf(traceTfjs(graph, backend))
const names = (graph: Graph, backend: TfjsBackend): string[] =>
  kernelsOf(graph, backend).map(({ name }) => name)
const sum = (kernels: readonly Kernel[], amount: 'macs' | 'read' | 'written' | 'weights'): number =>
  kernels.reduce((all, kernel) => all + kernel[amount], 0)

// Has to be the first test: afterwards there is a backend.
it('needs no backend of tfjs, and leaves none', () => {
  expect(names(convAndRelu(), 'cpu')).toEqual(['conv', 'add', 'relu'])
  expect(getBackend()).toBeFalsy()
  expect(engine().backendNames()).toEqual([])
})

describe('what the backends make of convolution, bias and activation', () => {
  it.each([
    ['webgl', ['im2col', 'conv + bias', 'relu']],
    ['webgpu', ['im2col', 'conv + bias', 'relu']],
    ['node', ['conv', 'add', 'relu']],
    ['wasm', ['conv + bias', 'relu']],
    ['cpu', ['conv', 'add', 'relu']],
  ] as const)('%s', (backend, expected) => {
    expect(names(convAndRelu(), backend)).toEqual(expected)
  })

  it('counts by hand on webgl', () => {
    const schedule = traceTfjs(convAndRelu(), 'webgl')
    const [columns, conv, relu] = launchesOf(schedule)
    expect(schedule.calls.flatMap(({ node, kernels }) => kernels.map(() => node))).toEqual([0, 0, 1])
    // 48 positions; a column of 27 numbers each; 4 bytes a number.
    expect(columns).toMatchObject({ kind: 'copy', macs: 0, weights: 0 })
    expect(columns).toMatchObject({ read: 3 * 48 * 4, written: 27 * 48 * 4 })
    expect(conv).toMatchObject({ kind: 'dense', macs: 48 * 4 * 27, arithmetic: 48 * 4 })
    expect(conv).toMatchObject({ read: 27 * 48 * 4, written: 4 * 48 * 4, weights: (27 * 4 + 4) * 4 })
    expect(conv?.filter).toEqual({
      inChannels: 3,
      outChannels: 4,
      groups: 1,
      kernel: [3, 3],
      stride: [1, 1],
    })
    expect(relu).toMatchObject({ kind: 'pointwise', arithmetic: 48 * 4, weights: 0 })
    expect(relu).toMatchObject({ read: 4 * 48 * 4, written: 4 * 48 * 4, type: 'fp32', unit: 'vector' })
  })

  it('lays columns out on webgpu only where there are few tiles of 32 x 32', () => {
    const graph = graphOf('conv', { ...window, channels: 64, groups: 1, bias: false }, [[8, 32, 32]])
    expect(names(graph, 'webgpu')).toEqual(['conv'])
    expect(names(graph, 'webgl')).toEqual(['im2col', 'conv'])
  })
})

describe('partial convolution is split and concatenated', () => {
  const attributes = { channels: 2, kernel: [3, 3], padding: [1, 1, 1, 1], bias: false }
  const graph = graphOf('partial_conv', attributes, [[8, 6, 8]])

  it.each([
    ['webgl', ['slice', 'slice', 'im2col', 'conv', 'concat']],
    ['webgpu', ['slice', 'slice', 'im2col', 'conv', 'concat']],
    ['node', ['split', 'conv', 'concat']],
    // Each slice takes all of its input out of the heap first.
    ['wasm', ['read heap', 'slice', 'read heap', 'slice', 'conv', 'concat']],
    ['cpu', ['slice', 'slice', 'conv', 'concat']],
  ] as const)('%s', (backend, expected) => {
    expect(names(graph, backend)).toEqual(expected)
  })

  it('whatever was asked for', () => {
    const asked = { ...defaultExecution, partialConv: 'slicing', abn: 'inplace' } as const
    const { engine: name, options } = traceTfjs(graph, 'webgl', asked)
    expect(name).toBe('tfjs-webgl')
    expect(options).toEqual({
      precision: 'fp32',
      mode: 'inference',
      layout: 'nhwc',
      partialConv: 'split_cat',
      abn: 'separate',
    })
  })

  it('reads of a slice what it writes', () => {
    const [first, second] = kernelsOf(graph, 'webgl')
    expect(first).toMatchObject({ read: 2 * 48 * 4, written: 2 * 48 * 4 })
    expect(second).toMatchObject({ read: 6 * 48 * 4, written: 6 * 48 * 4 })
  })
})

describe('other operators of several passes', () => {
  const norm = { eps: 1e-5, momentum: 0.1, initial_scale: 1 }

  it('batch norm: a product and a sum, or one depthwise convolution on wasm', () => {
    const graph = graphOf('batch_norm', norm, [[16, 6, 8]])
    for (const backend of ['webgl', 'webgpu', 'node', 'cpu'] as const)
      expect(names(graph, backend)).toEqual(['mul', 'add'])
    const [only, ...others] = kernelsOf(graph, 'wasm')
    expect(others).toEqual([])
    // A factor and a shift for each of 16 channels.
    expect(only).toMatchObject({ kind: 'depthwise', macs: 16 * 48, weights: 2 * 16 * 4 })
  })

  it('softmax: one kernel, or five', () => {
    const graph = graphOf('softmax', {}, [[10, 6, 8]])
    for (const backend of ['webgpu', 'node', 'wasm'] as const)
      expect(names(graph, backend)).toEqual(['softmax'])
    expect(names(graph, 'cpu')).toEqual(['max', 'sub', 'exp', 'sum', 'div'])
    expect(names(graph, 'webgl').filter((name) => !/pack|reshape/.test(name))).toEqual([
      'max',
      'sub',
      'exp',
      'sum',
      'div',
    ])
  })

  it('leaky relu: prelu, which tfjs-node makes of six operators', () => {
    const graph = graphOf('leaky_relu', { slope: 0.1 }, [[4, 6, 8]])
    expect(names(graph, 'webgpu')).toEqual(['prelu'])
    expect(names(graph, 'node')).toEqual(['relu', 'abs', 'sub', 'mul', 'mul', 'add'])
  })

  it('what acts in training only: a view, or a copy on wasm', () => {
    const graph = graphOf('dropout', { rate: 0.5 }, [[4, 6, 8]])
    expect(names(graph, 'webgl')).toEqual([])
    expect(names(graph, 'wasm')).toEqual(['copy'])
  })

  it('a long product of few columns is cut in parts on webgpu', () => {
    const graph = graphOf('linear', { features: 256, bias: true }, [[2048]])
    expect(names(graph, 'webgpu')).toEqual(['fill', 'matmul', 'bias'])
    expect(names(graph, 'webgl')).toEqual(['matmul + bias'])
    expect(names(graph, 'node')).toEqual(['matmul', 'add'])
  })

  it('padding before pools on tfjs-node, which refuses it', () => {
    const graph = graphOf('max_pool', { kernel: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] }, [[4, 6, 8]])
    expect(names(graph, 'node')).toEqual(['pad', 'max pool'])
    expect(names(graph, 'webgpu')).toEqual(['max pool'])
  })
})

describe('memory', () => {
  const weights = 4 * (27 * 4 + 4)
  const [picture, map, columns] = [3 * 48 * 4, 4 * 48 * 4, 27 * 48 * 4]

  it('is that of tensors from their making to their disposal', () => {
    const memory = memoryOf(traceTfjs(convAndRelu(), 'webgl'), { batch: 10 })
    // The columns go with the kernel that made them, the picture and the first map after the operator that reads them.
    expect(memory.timeline).toEqual([
      { layer: 0, pass: 'forward', bytes: weights + 10 * (picture + columns + map) },
      { layer: 1, pass: 'forward', bytes: weights + 10 * 2 * map },
    ])
    expect(memory.unmeasured).toContain('textures')
  })

  it('has what XNNPACK packs for good', () => {
    const { parts } = memoryOf(traceTfjs(convAndRelu(), 'wasm'), { batch: 1 })
    expect(parts.find(({ name }) => name === 'weight copies')?.bytes).toBeGreaterThan(2 * weights)
  })
})

describe.each(tfjsBackends)('any graph on %s', (backend) => {
  it.each(allCases)('$title', ({ op, attributes, inputs }) => {
    const graph = graphOf(op, attributes, inputs)
    const [two, four] = [trace(graph, backend, 2), trace(graph, backend, 4)]
    const amounts = two.kernels.flatMap((kernel) => [
      kernel.macs,
      kernel.arithmetic,
      kernel.read,
      kernel.written,
      kernel.weights,
    ])
    expect(amounts.filter((amount) => !(Number.isSafeInteger(amount) && amount >= 0))).toEqual([])
    expect(two.engineCalls.every(({ node }) => node === 0)).toBe(true)
    // Amounts are of one image, weights of a step. webgl and webgpu go by the sizes of tensors.
    if (!backend.startsWith('webg')) expect(four.kernels).toEqual(two.kernels)
  })

  it('is traced without values, in a moment', () => {
    const graph = networkGraph('tresnet_xl')
    const schedule = traceTfjs(graph, backend)
    const parameters = analyze(graph).parameters
    // Each parameter is read once, 4 bytes each; running statistics are folded into scales and shifts.
    expect(sum(launchesOf(schedule), 'weights') / (4 * parameters)).toBeCloseTo(1, 1)
    const launching = schedule.calls.filter(({ kernels }) => kernels.length > 0)
    expect(new Set(launching.map(({ node }) => node)).size).toBeGreaterThan(0.8 * graph.nodes.length)
  })
})

describe('MACs', () => {
  it.each(tfjsBackends)('are those of the operators where nothing is merged or folded: %s', (backend) => {
    const { macs, fixed_macs } = analyze(networkGraph('vgg16'))
    expect(sum(kernelsOf(networkGraph('vgg16'), backend), 'macs')).toBe(macs + fixed_macs)
  })
})

describe('tfjs afterwards', () => {
  it.each(['wasm', 'cpu'] as const)('has %s as before, and no tensor more', async (device) => {
    await openTfjs(device)
    const before = { ...memory(), backends: engine().backendNames() }
    for (const backend of tfjsBackends) kernelsOf(networkGraph('tresnet_m'), backend)
    expect(getBackend()).toBe(device)
    expect({ ...memory(), backends: engine().backendNames() }).toEqual(before)
    expect(tidy(() => [...relu(tensor1d([-1, 2])).dataSync()])).toEqual([0, 2])
  })

  it('is as before where a trace fails, by naming what is not known', async () => {
    await openTfjs('cpu')
    const before = memory()
    const recorder = new Recorder(1)
    const without = Object.fromEntries(Object.entries(lowerings.webgl).filter(([name]) => name !== 'Relu'))
    const run = () => tidy(() => relu(tensor1d([1])))
    expect(() => onRecorder(recorder, without as unknown as KernelLowerings, run)).toThrow(
      "Kernel 'Relu' not registered",
    )
    expect(getBackend()).toBe('cpu')
    expect(memory()).toEqual(before)
    expect(() => {
      removeBackend('archc-trace')
    }).toThrow()
  })
})

it('refuses training with E1101', () => {
  const train = () => traceTfjs(convAndRelu(), 'webgpu', { ...defaultExecution, mode: 'training' })
  expect(train).toThrow(DiagnosticError)
  expect(train).toThrow('E1101: `tfjs-webgpu` runs networks and does not train them yet')
})

it('names its engines', () => {
  expect(tfjs.engines).toEqual(['tfjs-webgl', 'tfjs-webgpu', 'tfjs-node', 'tfjs-wasm', 'tfjs-cpu'])
})
