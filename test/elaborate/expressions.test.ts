import { describe, expect, it } from 'vitest'
import { build, network, paths, shapeOf } from './build.ts'

describe('expressions', () => {
  it('unroll loops and choose branches at compile time', () => {
    const graph = build(
      network(
        'y = x\nfor k in [3, 5] { y = y -> conv(if k == 3 { 8 } else { 16 }, k) -> relu }\nstem = y -> relu6',
      ),
    )
    expect(
      graph.nodes.flatMap(({ op, attributes }) =>
        op === 'conv' ? [[attributes.channels, attributes.kernel]] : [],
      ),
    ).toEqual([
      [8, [3, 3]],
      [16, [5, 5]],
    ])
  })

  it('have first-class operators and blocks with arguments of their own', () => {
    const graph = build(
      `block wrap(inner: block, act: activation) { return x -> inner(8) -> act }\n` +
        network(
          'point = conv(kernel: 1)\nstem = wrap(point, leaky_relu(0.2)) -> wrap(conv(kernel: 3), none)',
        ),
    )
    expect(paths(graph)).toEqual(['stem.wrap1.conv1', 'stem.wrap1.leaky_relu1', 'stem.wrap2.conv1'])
  })

  it('take several inputs and give several outputs', () => {
    const graph = build(
      `block fuse(other: tensor, channels: int) { return concat(x, other) -> conv(channels, 1) }\n` +
        `block both() { return x -> relu, x -> sigmoid }\n` +
        network(
          'a, b = x -> both\nstem = a -> fuse(b, 8) -> relu\nc = fuse(stem, a, 4)\nhead = concat([stem, c])',
        ),
    )
    expect(shapeOf(graph, 'stem.fuse1.concat1')).toEqual([6, 32, 32])
    expect(shapeOf(graph, 'head.concat1')).toEqual([12, 32, 32])
  })

  it.each([
    ['round_to(33, 8)', 32],
    ['round_to(11, 8)', 16],
    ['round_to(3, 8)', 8],
    ['round_to(10 * 1.0, 4)', 12],
    ['round(2.5)', 2],
    ['round(3.5)', 4],
    ['int(64 * 1.3)', 83],
    ['max(3, 8)', 8],
    ['min([9, 7, 8])', 7],
    ['sum([1, 2, 3][0..2])', 3],
    ['len([for k in 0..5: k])', 5],
    ['sum([for k in 0..5 if k % 2 == 1: 10 * k])', 40],
    ['1 + len([for k in 0..5 if k > 9: k])', 1],
    ['7 // 2', 3],
    ['7 % 4', 3],
    ['-7 // 2 + 12', 8],
    ['2 + 3 * 4', 14],
    ['if not (1 > 2) and (true or 1 / 0 == 1) { 5 } else { 6 }', 5],
  ])('%s is %i', (expression, value) => {
    expect(shapeOf(build(network(`stem = conv(${expression}, 1)`)), 'stem.conv1')?.[0]).toBe(value)
  })
})
