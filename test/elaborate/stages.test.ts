import { describe, expect, it } from 'vitest'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { load, build, network, paths, nodeAt, shapeOf, unit } from './build.ts'

describe('slots', () => {
  const gate = `block gate() { return x * (x -> global_avg_pool -> sigmoid) }`

  it('are the identity when empty, and take any module without an edit of the block', () => {
    const plain = build(unit + gate + network('stage body = unit(8) x 2'))
    const gated = build(unit + gate + network('stage body = unit(8) x 2 with gate at residual'))
    expect(paths(plain).filter((path) => path.includes('residual'))).toEqual([])
    expect(paths(gated).filter((path) => path.includes('residual'))).toEqual([
      'body.0.residual.global_avg_pool1',
      'body.0.residual.sigmoid1',
      'body.0.residual.mul1',
      'body.1.residual.global_avg_pool1',
      'body.1.residual.sigmoid1',
      'body.1.residual.mul1',
    ])
  })

  it('are filled in the repetitions that the condition names', () => {
    const graph = build(unit + gate + network('stage body = unit(8) x 4 with gate at residual if i % 2 == 1'))
    const filled = paths(graph).filter((path) => path.endsWith('mul1'))
    expect(filled).toEqual(['body.1.residual.mul1', 'body.3.residual.mul1'])
  })

  it('take arguments that make sense in those repetitions only', () => {
    const graph = build(
      unit +
        gate +
        network('stage body = unit(8) x 3 with conv([4, 8][i] * 2 // [1, 2][i], 1) at residual if i < 2'),
    )
    expect(paths(graph).filter((path) => path.endsWith('residual'))).toEqual([
      'body.0.residual',
      'body.1.residual',
    ])
  })

  it('give their name to a module that has none of its own', () => {
    const graph = build(unit + network('stage body = unit(8) with conv(8, 1) as point at residual'))
    expect(paths(graph)).toContain('body.0.point')
  })

  it('of a module are not for the stage to fill', () => {
    const text = `block host() { return x -> slot inner }\n` + unit
    const body = network('stage body = unit(8) with host at residual with relu at inner')
    expect(elaborate(load(text + body)).diagnostics.map(({ code }) => code)).toEqual(['E0501'])
  })
})

describe('repetitions', () => {
  it('know their index and count', () => {
    const graph = build(unit + network('stage body = unit([8, 16, 24][i] * n) x 3'))
    expect(['body.0.conv1', 'body.1.conv1', 'body.2.conv1'].map((path) => shapeOf(graph, path)?.[0])).toEqual(
      [24, 48, 72],
    )
  })

  it('may be of a pipeline, with slots of its own', () => {
    const graph = build(network('stage body = conv(8, 3) -> slot after -> relu x 2 with batch_norm at after'))
    expect(paths(graph)).toEqual([
      'body.0.conv1',
      'body.0.after',
      'body.0.relu1',
      'body.1.conv1',
      'body.1.after',
      'body.1.relu1',
    ])
    expect(nodeAt(graph, 'body.0.conv1').attributes.bias).toBe(false)
  })

  it('have their number for a name, and no other', () => {
    const { diagnostics } = elaborate(load(unit + network('stage body = unit(8) as first x 2')))
    expect(diagnostics.map(({ code }) => code)).toEqual(['E0506'])
  })

  it('stride in the first only', () => {
    const graph = build(unit + network('stage body = unit(8) x 3 stride 2'))
    expect(graph.nodes.flatMap(({ op, attributes }) => (op === 'conv' ? [attributes.stride] : []))).toEqual([
      [2, 2],
      [1, 1],
      [1, 1],
    ])
  })
})
