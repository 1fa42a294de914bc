import { describe, expect, it } from 'vitest'
import { planOf } from '../../src/ir/liveness.ts'
import { tensor } from '../../src/ir/tensor-type.ts'
import { GraphBuilder } from '../backends/graph-builder.ts'

/** input -> relu1 -> relu2 -> add3(relu1, relu2), and relu4 that nobody uses. */
function diamond() {
  const net = new GraphBuilder([tensor(2, 3, 3)])
  const [a = 0] = net.node('relu', {}, net.inputs)
  const [b = 0] = net.node('relu', {}, [a])
  const [sum = 0] = net.node('add', {}, [a, b])
  const [unused = 0] = net.node('relu', {}, [sum])
  return { graph: net.graph([sum]), input: net.inputs[0] ?? 0, a, b, sum, unused }
}

describe('planOf', () => {
  it('frees each value once, right after its last use', () => {
    const { graph, input, a, b, sum, unused } = diamond()
    const plan = planOf(graph, new Set([sum]))
    expect(plan.map(({ node }) => node)).toEqual(graph.nodes)
    expect(plan.map(({ release }) => release)).toEqual([[input], [], [a, b], [unused]])
  })

  it('keeps what is wanted, the input too', () => {
    const { graph, input, a, b, sum } = diamond()
    const released = planOf(graph, new Set([sum, input, a])).flatMap(({ release }) => release)
    expect(released).not.toContain(input)
    expect(released).not.toContain(a)
    expect(released).toContain(b)
  })
})
