import { describe, expect, it } from 'vitest'
import { build, network, nodeAt } from './build.ts'

describe('bias of a convolution', () => {
  it('is left out where only norms consume the result', () => {
    const graph = build(network('stem = conv(8, 3) -> batch_norm\nhead = conv(4, 1) -> relu'))
    expect(nodeAt(graph, 'stem.conv1').attributes.bias).toBe(false)
    expect(nodeAt(graph, 'head.conv1').attributes.bias).toBe(true)
  })

  it('is left out where the norm comes behind a concat, a pool or a sum', () => {
    const graph = build(
      network(
        'a, b = x -> conv(6, 1) -> split(2)\nstem = concat(a -> conv(4, 3), b -> conv(4, 5)) -> max_pool(2) -> batch_norm',
      ),
    )
    expect(['conv1', 'stem.conv1', 'stem.conv2'].map((path) => nodeAt(graph, path).attributes.bias)).toEqual([
      true,
      false,
      false,
    ])
  })

  it('stays where the result is handed out', () => {
    const graph = build(network('y = x -> conv(4, 3)\nz = y -> batch_norm\nreturn y, z'))
    expect(nodeAt(graph, 'conv1').attributes.bias).toBe(true)
  })

  it('stays where a norm is only one of the consumers, and where it was asked for', () => {
    const graph = build(
      network(
        'a = x -> conv(8, 3)\nb = a -> batch_norm\nstem = a + b\nhead = conv(4, 1, bias: true) -> batch_norm',
      ),
    )
    expect(nodeAt(graph, 'conv1').attributes.bias).toBe(true)
    expect(nodeAt(graph, 'head.conv1').attributes.bias).toBe(true)
  })
})
