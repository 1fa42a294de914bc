import { describe, expect, test } from 'vitest'
import { defaultExecution, type ExecutionOptions } from '../../../src/engines/kernel.ts'
import { largestBatch } from '../../../src/analysis/memory/memory.ts'
import { eager } from '../../../src/engines/eager/eager.ts'
import { eagerMemory } from './support.ts'
import { builtInDevice } from '../../../src/host/built-ins.ts'
import { networkGraph, readJson } from '../../networks/support.ts'

interface Claims {
  readonly published: { readonly tresnet_readme_v100_mixed_precision: { readonly max_train_batch: number } }
}

const published = readJson('test/reference/published.json') as Readonly<Record<string, Claims>>
const v100 = builtInDevice('v100')

/** As TResNet's authors trained: autocast, channels first, norms in place where the network has activated ones. */
const training: ExecutionOptions = {
  ...defaultExecution,
  mode: 'training',
  layout: 'nchw',
  partialConv: 'split_cat',
  abn: 'inplace',
}

const predicted = (name: string, options = training): number =>
  largestBatch(eager(networkGraph(name), options), v100)

describe("the largest training batches that TResNet's README tells of a V100 with 16 GB", () => {
  // EfficientNet-B1 at 240 x 240, its own size, as in the README's comparison.
  test.each(['resnet50', 'efficientnet_b1', 'tresnet_m', 'tresnet_l', 'tresnet_xl'])('%s', (name) => {
    const told = published[name]?.published.tresnet_readme_v100_mixed_precision.max_train_batch ?? NaN
    expect(Math.abs(predicted(name) / told - 1)).toBeLessThan(0.15)
  })

  // What decision 8 says.
  test('as the decision records them', () => {
    const names = ['resnet50', 'efficientnet_b1', 'tresnet_m', 'tresnet_l', 'tresnet_xl']
    expect(names.map((name) => predicted(name))).toEqual([327, 206, 557, 339, 256])
  })

  test('norms in place are what makes room for them', () => {
    expect(predicted('tresnet_m', { ...training, abn: 'separate' })).toBeLessThan(
      0.8 * predicted('tresnet_m'),
    )
  })
})

test('the largest batch fits, and one more image does not', () => {
  const graph = networkGraph('tresnet_m')
  const largest = largestBatch(eager(graph, training), v100)
  const { peak, device } = eagerMemory(graph, { options: training, batch: largest, device: v100 })
  if (device === undefined) return expect.fail()
  expect(device).toMatchObject({ bytes: v100.memory.value, largest_batch: largest })
  expect(peak + device.reserved).toBeLessThanOrEqual(device.bytes)
  const more = eagerMemory(graph, { options: training, batch: largest + 1 })
  expect(more.peak + device.reserved).toBeGreaterThan(device.bytes)
})

test('what tensors cannot have is what the device reserves and 3 % of the rest', () => {
  const { device } = eagerMemory(networkGraph('resnet18'), { options: training, batch: 1, device: v100 })
  expect(device?.reserved).toBe(1277752771 + Math.round(0.03 * (16943645983 - 1277752771)))
})

test('a device that holds not one image, or not even the weights, has 0', () => {
  const graph = networkGraph('resnet18')
  const holding = (bytes: number): number => {
    const memory = { value: bytes, source: 'test' }
    return largestBatch(eager(graph, training), { ...v100, memory, reserved: { value: 0, source: 'test' } })
  }
  expect(holding(1e6)).toBe(0)
  expect(holding(150e6)).toBe(0)
  expect(holding(250e6)).toBeGreaterThan(0)
})
