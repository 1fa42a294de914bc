import { describe, expect, it } from 'vitest'
import { elementsOf } from '../../src/analysis/elements.ts'
import { GraphView } from '../../src/ir/view.ts'
import { operatorOf, type OpName } from '../../src/ir/ops/index.ts'
import { autocastCases, lone } from '../engines/autocast-cases.ts'

/** Of maps of 4 x 6 x 8 = 192 elements, and as large results, unless it says otherwise. */
const counted: { readonly [N in OpName]?: object } = {
  relu: { relu: 192 },
  batch_norm: { batch_norm: 192 },
  scale: { scale: 192 },
  channel_shuffle: { copy: 192 },
  space_to_depth: { copy: 192 },
  // of the map, whose means are 4
  global_avg_pool: { global_avg_pool: 192 },
  // a margin of a pixel: 4 x 8 x 10
  blur_pool: { pad: 320 },
  dropout: {},
  drop_path: {},
}

describe('what is counted beside multiply-accumulates', () => {
  for (const one of autocastCases) {
    const [typed] = new GraphView(lone(one).graph).nodes
    it(`of ${one.op} ${one.note}`, () => {
      const counts = elementsOf(typed!)
      const total = Object.values(counts).reduce((sum, amount) => sum + amount, 0)
      const { work, trainingOnly } = operatorOf(one.op)
      const isBare = work === 'filter' && one.op !== 'blur_pool' && one.attributes['bias'] !== true
      if (work === 'view' || trainingOnly === true) expect(counts).toEqual({})
      else if (!isBare) expect(total).toBeGreaterThan(0)
      if (counted[one.op] !== undefined) expect(counts).toEqual(counted[one.op])
    })
  }
})
