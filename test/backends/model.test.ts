import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Model } from '../../src/backends/model.ts'
import { compileTfjs } from '../../src/backends/tfjs/compile.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { tensor } from '../../src/ir/tensor-type.ts'
import { runnableDevices } from '../../src/backends/index.ts'
import { openTfjs } from '../../src/backends/tfjs/node/device.ts'
import { GraphBuilder, randomValues, randomWeights } from './graph-builder.ts'
import { difference, runOnReference } from './run-ops.ts'

const norm = { eps: 1e-5, momentum: 0.1, initial_scale: 1 }
const convolution = {
  kernel: [3, 3],
  stride: [1, 1],
  padding: [1, 1, 1, 1],
  dilation: [1, 1],
  groups: 1,
  bias: false,
} as const

/** A stem, a residual stage and a head: values that are used twice, several outputs, and one that nobody uses. */
function smallNetwork(): Graph {
  const net = new GraphBuilder([tensor(3, 8, 6)])
  const [stem = 0] = net.node('conv', { ...convolution, channels: 4 }, net.inputs, 'stem')
  const [start = 0] = net.node('abn', { ...norm, activation: 'leaky_relu', slope: 0.01 }, [stem], 'stem')
  const [left = 0, right = 0] = net.node('split', { sizes: [2, 2] }, [start], 'layer1.0')
  net.node('relu', {}, [right], 'layer1.0')
  const [convolved = 0] = net.node('conv', { ...convolution, channels: 2, bias: true }, [left], 'layer1.0')
  const [joined = 0] = net.node('concat', {}, [convolved, right], 'layer1.0')
  const [sum = 0] = net.node('add', {}, [joined, start], 'layer1.0')
  const [pooled = 0] = net.node('global_avg_pool', {}, [sum], 'head')
  const logits = net.node('linear', { features: 5, bias: true }, [pooled], 'head')
  net.part('stem', start)
  net.part('layer1', sum)
  net.part('head', logits[0] ?? 0)
  return net.graph(logits)
}

const graph = smallNetwork()
const weights = randomWeights(graph, 3)
const input = randomValues(2 * 3 * 8 * 6, 5)

describe.each(runnableDevices)('a compiled model on %s', (device) => {
  let model: Model | undefined
  const compiled = (): Model => (model = compileTfjs(graph, weights))

  beforeAll(async () => {
    await openTfjs(device)
  })

  afterEach(() => {
    model?.dispose()
    expect(tf.memory()).toMatchObject({ numTensors: 0, numDataBuffers: 0, numBytes: 0 })
  })

  it('gives the logits and taps of every image of a batch, in NCHW', async () => {
    const { logits, taps } = await compiled().predict(input, 2, [
      'stem',
      'layer1',
      'layer1.0.conv5',
      'stem.conv1',
    ])
    const [expected = new Float32Array()] = runOnReference(graph, weights, [input], 2)
    expect(logits.shape).toEqual([2, 5])
    expect(difference(logits.data, expected)).toBeLessThan(1e-5)
    expect([...taps].map(([name, { shape }]) => [name, shape])).toEqual([
      ['stem', [2, 4, 8, 6]],
      ['layer1', [2, 4, 8, 6]],
      ['layer1.0.conv5', [2, 2, 8, 6]],
      ['stem.conv1', [2, 4, 8, 6]],
    ])
    const stem = { ...graph, outputs: graph.parts.slice(0, 2).map(({ output }) => output) }
    runOnReference(stem, weights, [input], 2).forEach((values, i) => {
      const tap = taps.get(i === 0 ? 'stem' : 'layer1')
      expect(difference(tap?.data ?? new Float32Array(), values)).toBeLessThan(1e-5)
    })
  })

  it('gives all results of a network with several, one value twice among them, and frees them', async () => {
    const ids = [...graph.outputs, ...graph.parts.slice(0, 2).map(({ output }) => output), ...graph.outputs]
    const several = { ...graph, outputs: ids }
    const { predict, dispose } = compileTfjs(several, weights)
    const before = tf.memory()
    const { outputs, logits } = await predict(input, 2)
    expect(tf.memory()).toEqual(before)
    dispose()
    expect(logits).toBe(outputs[0])
    expect(outputs.map(({ shape }) => shape)).toEqual([
      [2, 5],
      [2, 4, 8, 6],
      [2, 4, 8, 6],
      [2, 5],
    ])
    runOnReference(several, weights, [input], 2).forEach((values, i) => {
      expect(difference(outputs[i]?.data ?? new Float32Array(), values)).toBeLessThan(1e-5)
    })
  })

  it('leaves nothing behind in 200 runs', async () => {
    const { predict } = compiled()
    await predict(input, 2)
    const before = tf.memory()
    for (let run = 0; run < 200; run++) await predict(input, 2, run % 2 === 0 ? ['layer1'] : [])
    expect(tf.memory()).toEqual(before)
  })

  it('runs side by side with itself', async () => {
    const { predict } = compiled()
    const single = (n: number) => input.subarray(n * 144, (n + 1) * 144)
    const [both, first, second] = await Promise.all([
      predict(input, 2),
      predict(single(0), 1),
      predict(single(1), 1),
    ])
    expect(
      difference(Float32Array.of(...first.logits.data, ...second.logits.data), both.logits.data),
    ).toBeLessThan(1e-6)
  })

  it('frees what it holds where an operator throws half-way, and works afterwards', async () => {
    const { predict } = compiled()
    const before = tf.memory()
    const { kernelFunc } = tf.getKernel('Concat', device)
    const broken = { kernelName: 'Concat', backendName: device }
    tf.unregisterKernel('Concat', device)
    tf.registerKernel({
      ...broken,
      kernelFunc: () => {
        throw new Error('out of order')
      },
    })
    await expect(predict(input, 2, ['stem'])).rejects.toThrow('out of order')
    expect(tf.memory()).toEqual(before)
    tf.unregisterKernel('Concat', device)
    tf.registerKernel({ ...broken, kernelFunc })
    await expect(predict(input, 2)).resolves.toBeDefined()
  })

  it('refuses inputs of the wrong size, unknown taps, and work after dispose', async () => {
    const { predict, dispose } = compiled()
    await expect(predict(input, 3)).rejects.toThrow('3 inputs of 3 x 8 x 6 are 432 numbers, got 288')
    await expect(predict(new Float32Array(), 0)).rejects.toThrow(RangeError)
    await expect(predict(input, 2, ['layer11'])).rejects.toThrow('did you mean "layer1"?')
    dispose()
    dispose()
    await expect(predict(input, 2)).rejects.toThrow('disposed')
  })

  it('frees the constants made so far where a parameter is missing', () => {
    const partial = new Map([...weights].filter(([name]) => !name.startsWith('head')))
    expect(() => compileTfjs(graph, partial)).toThrow('the weights have no values for head.linear9.weight')
  })
})
