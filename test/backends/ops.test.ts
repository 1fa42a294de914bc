import { memory } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { elements, tensor } from '../../src/ir/tensor-type.ts'
import { runnableDevices } from '../../src/backends/index.ts'
import { openTfjs } from '../../src/backends/tfjs/node/device.ts'
import { GraphBuilder, randomValues, randomWeights } from './graph-builder.ts'
import { allCases } from './op-cases.ts'
import { difference, runOnReference, runOnTfjs } from './run-ops.ts'

/** Relative to values around 1; sums of a few hundred products in float32. */
const TOLERANCE = 5e-6
const BATCH = 2

describe.each(runnableDevices)('every operator on %s computes what the oracle computes', (device) => {
  beforeAll(async () => {
    expect(await openTfjs(device)).toBe(device)
  })

  it.each(allCases)('$title', ({ op, attributes, inputs }) => {
    const types = inputs.map((shape) => tensor(...shape))
    const builder = new GraphBuilder(types)
    const graph = builder.graph(builder.nodeOf(op, attributes, builder.inputs))
    const weights = randomWeights(graph, 7)
    // Wide enough to reach both ends of relu6 and of the hard activations.
    const data = types.map((type, i) =>
      randomValues(elements(type) * BATCH, 100 + i).map((value) => 8 * value),
    )
    const before = memory()
    const actual = runOnTfjs(graph, weights, data, BATCH, device)
    const expected = runOnReference(graph, weights, data, BATCH)
    expect(actual.length).toBe(expected.length)
    expected.forEach((values, i) => {
      const size = Math.max(1, ...values.map(Math.abs))
      expect(difference(actual[i] ?? new Float32Array(), values) / size).toBeLessThan(TOLERANCE)
    })
    expect(memory()).toEqual(before)
  })
})
