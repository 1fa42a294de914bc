import { describe, expect, it } from 'vitest'
import { verifyGraph } from '../../src/ir/verifier.ts'
import { smallGraph } from './graph-fixtures.ts'

describe('verifyGraph', () => {
  it('finds nothing in a sound graph', () => {
    expect(verifyGraph(smallGraph())).toEqual([])
  })

  it('finds operators out of order', () => {
    const graph = smallGraph()
    const faults = verifyGraph({ ...graph, nodes: [...graph.nodes].reverse() })
    expect(faults[0]).toMatch(
      /^E0805: at `\/nodes\/0\/inputs\/0`: this uses value \d+, before it is defined$/,
    )
  })

  it('finds values and parameters that nobody defines or uses', () => {
    const graph = smallGraph()
    const nodes = graph.nodes.filter(({ op }) => op !== 'linear')
    const faults = verifyGraph({ ...graph, nodes })
    expect(faults.map((fault) => fault.slice(0, 5))).toEqual(['E0805', 'E0805', 'E0806', 'E0814', 'E0814'])
  })
})
