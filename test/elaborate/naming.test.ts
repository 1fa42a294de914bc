import { describe, expect, it } from 'vitest'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { load, build, network, paths, shapeOf, unit } from './build.ts'

describe('names of nodes', () => {
  it('counts operators anew in each block, and keeps names given by `as`', () => {
    const graph = build(
      unit + network('stem = conv(8, 3) as first -> relu -> conv(8, 3)\nstage body = unit(8) x 2'),
    )
    expect(paths(graph)).toEqual([
      'stem.first',
      'stem.relu1',
      'stem.conv1',
      'body.0.conv1',
      'body.0.batch_norm1',
      'body.0.relu1',
      'body.1.conv1',
      'body.1.batch_norm1',
      'body.1.relu1',
    ])
  })

  it('stay apart where arguments of a stage make operators too', () => {
    const graph = build(unit + network('stage body = unit((x -> conv(8, 1)).channels)'))
    expect(paths(graph)).toEqual(['body.0.conv2', 'body.0.batch_norm1', 'body.0.relu1'])
  })

  it('refuses a block outside of a part that is named like it', () => {
    const { diagnostics } = elaborate(load(unit + network('y = x -> unit(8) as stem\nstem = conv(8, 3)')))
    expect(diagnostics.map(({ code }) => code)).toEqual(['E0511'])
  })

  it('names parameters by path and role', () => {
    const graph = build(network('stem = conv(8, 3) -> batch_norm'))
    expect(graph.parameters.map(({ name }) => name)).toEqual([
      'stem.conv1.weight',
      'stem.batch_norm1.weight',
      'stem.batch_norm1.bias',
      'stem.batch_norm1.running_mean',
      'stem.batch_norm1.running_var',
    ])
  })

  it('numbers repetitions through all lines of a stage', () => {
    const graph = build(unit + network('stage body {\n unit(8)\n unit(16) x 2 stride 2\n}'))
    expect(graph.nodes.filter(({ op }) => op === 'conv').map(({ path }) => path)).toEqual([
      'body.0.conv1',
      'body.1.conv1',
      'body.2.conv1',
    ])
    expect(shapeOf(graph, 'body.1.conv1')).toEqual([16, 16, 16])
    expect(shapeOf(graph, 'body.2.conv1')).toEqual([16, 16, 16])
  })
})
