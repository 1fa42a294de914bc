import { beforeAll, describe, expect, it } from 'vitest'
import { averageCorrection } from '../../src/backends/tfjs/weights.ts'
import { elements, tensor } from '../../src/ir/tensor-type.ts'
import { openTfjs } from '../../src/backends/tfjs/node/device.ts'
import { GraphBuilder, randomValues } from './graph-builder.ts'
import { allCases } from './op-cases.ts'
import { difference, runOnReference, runOnTfjs } from './run-ops.ts'

const BATCH = 2
const pools = allCases.filter(({ op }) => op === 'max_pool' || op === 'avg_pool')

/** tfjs-node cannot run here; what is lowered for it runs on any backend. */
describe('pools lowered for tfjs-node compute what the oracle computes', () => {
  beforeAll(async () => {
    await openTfjs('cpu')
  })

  it.each(pools)('$title', ({ op, attributes, inputs }) => {
    const types = inputs.map((shape) => tensor(...shape))
    const builder = new GraphBuilder(types)
    const graph = builder.graph(builder.nodeOf(op, attributes, builder.inputs))
    const data = types.map((type) => randomValues(elements(type) * BATCH, 5))
    const actual = runOnTfjs(graph, new Map(), data, BATCH, 'tensorflow')
    const expected = runOnReference(graph, new Map(), data, BATCH)
    expect(expected.length).toBe(1)
    expected.forEach((values, i) => {
      expect(difference(actual[i] ?? new Float32Array(), values)).toBeLessThan(1e-6)
    })
  })
})

it('takes padding out of averages of 3 x 3 windows', () => {
  const window = { kernel: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] } as const
  // A map of 4 x 4 has windows at -1 and 1: of the first, 2 of 3 rows lie inside, of the second all.
  const expected = [9 / 4, 9 / 6, 9 / 6, 1].map(Math.fround)
  expect([...averageCorrection([4, 4], [2, 2], window)]).toEqual(expected)
})
