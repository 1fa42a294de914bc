import { memory } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { trace } from '../../../src/backends/tfjs/trace/trace.ts'
import type { Graph } from '../../../src/ir/graph.ts'
import { openTfjs } from '../../../src/backends/tfjs/node/device.ts'
import { networkGraph } from '../../networks/support.ts'
import { allCases } from '../op-cases.ts'
import { graphOf, profiled } from './support.ts'

async function expectSameCalls(graph: Graph, device: 'wasm' | 'cpu', batch: number): Promise<number> {
  const real = await profiled(graph, device, batch)
  const traced = trace(graph, device, batch).calls
  expect(traced.map(({ name, inputShapes, outputShapes }) => ({ name, inputShapes, outputShapes }))).toEqual(
    real,
  )
  return real.length
}

describe.each(['wasm', 'cpu'] as const)('the trace calls the kernels that run on %s', (device) => {
  beforeAll(async () => {
    expect(await openTfjs(device)).toBe(device)
  })

  it.each(allCases)('$title', async ({ op, attributes, inputs }) => {
    const before = memory()
    for (const batch of [1, 2]) await expectSameCalls(graphOf(op, attributes, inputs), device, batch)
    expect(memory()).toEqual(before)
  })

  // Partial convolution; shuffles and splits; depthwise; activated norms, blur and attention.
  const small = ['fasternet_t0', 'shufflenet_v2_x0_5', 'mobilenetv3_large_100']
  const networks = device === 'wasm' ? [...small, 'tresnet_m'] : small
  it.each(networks)('%s', async (name) => {
    const calls = await expectSameCalls(networkGraph(name, [3, 32, 32]), device, 1)
    expect(calls).toBeGreaterThan(100)
  })
})
