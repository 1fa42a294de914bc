import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultExecution, precisions, type ExecutionOptions } from '../../../src/engines/kernel.ts'
import { largestBatch } from '../../../src/analysis/memory/memory.ts'
import { eager } from '../../../src/engines/eager/eager.ts'
import { eagerMemory } from './support.ts'
import { builtInDevice } from '../../../src/host/built-ins.ts'
import { networkGraph } from '../../networks/support.ts'

/** In-place norms, views, partial convolutions, attention, concatenation, drop path, layer norm. */
const names = [
  'resnet18',
  'tresnet_m',
  'efficientnet_b0',
  'fasternet_t2',
  'ghostnet_100',
  'shufflenet_v2_x0_5',
]
const graphs = names.map((name) => networkGraph(name))
const device = builtInDevice('t4')

const options = fc.record({
  precision: fc.constantFrom(...precisions),
  layout: fc.constantFrom('nhwc' as const, 'nchw' as const),
  abn: fc.constantFrom('separate' as const, 'inplace' as const),
})
const cases = fc.record({
  graph: fc.constantFrom(...graphs),
  options: options.map((some): ExecutionOptions => ({ ...defaultExecution, ...some })),
  mode: fc.constantFrom('inference' as const, 'training' as const),
  batch: fc.integer({ min: 1, max: 2048 }),
})
const runs = { numRuns: 60 }

test('the peak is the most of the timeline and the sum of its parts', () => {
  const property = fc.property(cases, ({ graph, options, mode, batch }) => {
    const { peak, peak_layer, parts, timeline } = eagerMemory(graph, { options: { ...options, mode }, batch })
    expect(Math.max(...timeline.map(({ bytes }) => bytes))).toBe(peak)
    expect(parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(peak)
    expect(parts).toEqual([...parts].sort((a, b) => b.bytes - a.bytes))
    expect(timeline.some(({ layer, bytes }) => layer === peak_layer && bytes === peak)).toBe(true)
    expect(timeline).toHaveLength(graph.nodes.length * (mode === 'training' ? 2 : 1))
  })
  fc.assert(property, runs)
})

test('a larger batch takes more, and training takes more than inference', () => {
  const property = fc.property(cases, ({ graph, options, mode, batch }) => {
    const peakOf = (mode: ExecutionOptions['mode'], images: number): number =>
      eagerMemory(graph, { options: { ...options, mode }, batch: images }).peak
    expect(peakOf(mode, batch + 1)).toBeGreaterThan(peakOf(mode, batch))
    expect(peakOf('training', batch)).toBeGreaterThan(peakOf('inference', batch))
  })
  fc.assert(property, runs)
})

test('the largest batch is the last that fits', () => {
  const property = fc.property(cases, ({ graph, options, mode }) => {
    const run = { ...options, mode }
    const largest = largestBatch(eager(graph, run), device)
    const fits = (batch: number): boolean => {
      const memory = eagerMemory(graph, { options: run, batch, device })
      return memory.peak + (memory.device?.reserved ?? NaN) <= device.memory.value
    }
    expect(fits(largest)).toBe(true)
    expect(fits(largest + 1)).toBe(false)
  })
  fc.assert(property, runs)
})
