import { describe, expect, it } from 'vitest'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { parseExpression, parsePlacement } from '../../src/parser/parse.ts'
import { createSourceFile } from '../../src/source/source-file.ts'
import { build, load, shapeOf } from './build.ts'

const text = `import { se } from "std/attention"
block unit(width: int, inner: int = 4) {
  return x -> conv(inner, 1) -> conv(width, 1) -> slot spatial
}
network net(width: int = 32, attention: block = se(reduction: 16)) {
  input 3 x 8 x 8
  stage a = unit(width) x 2 with se(4) at spatial
  stage b = unit(width, 8) with attention at spatial
  head = se -> global_avg_pool -> linear(10)
}
`
const settings = (...given: readonly string[]) =>
  new Map(
    given.map((one) => {
      const [name = '', value = ''] = one.split('=')
      return [name, parseExpression(createSourceFile(`--set ${name}`, value)).expression]
    }),
  )

/** Channels of the hidden layers of all gates, and of the units' inner convolutions. */
const sizes = (...given: readonly string[]) => {
  const graph = build(text, { settings: settings(...given) })
  const channels = (path: string) => shapeOf(graph, path)?.[0]
  return {
    hidden: ['a.0.spatial.reduce', 'a.1.spatial.reduce', 'b.0.spatial.reduce', 'head.se1.reduce'].map(
      channels,
    ),
    inner: ['a.0.conv1', 'b.0.conv1'].map(channels),
  }
}

describe('settings of a block', () => {
  it('are for all of its calls: in slots, by position, through parameters, on their own', () => {
    expect(sizes()).toEqual({ hidden: [8, 8, 2, 2], inner: [4, 8] })
    expect(sizes('se.reduction=2')).toEqual({ hidden: [16, 16, 16, 16], inner: [4, 8] })
    expect(sizes('unit.inner=6').inner).toEqual([6, 6])
  })

  it('with a part in front are for its calls alone, and win', () => {
    expect(sizes('b.se.reduction=1').hidden).toEqual([8, 8, 32, 2])
    expect(sizes('b.se.reduction=1', 'se.reduction=32').hidden).toEqual([1, 1, 32, 1])
    expect(sizes('se.reduction=32', 'head.se.reduction=1').hidden).toEqual([1, 1, 1, 32])
  })

  it('are for placed modules too', () => {
    const { change } = parsePlacement(createSourceFile('--with', 'a: se(8) at spatial'))
    const graph = build(text, {
      settings: settings('se.reduction=1'),
      placements: { with: change === undefined ? [] : [change], without: [] },
    })
    expect(shapeOf(graph, 'a.0.spatial.reduce')).toEqual([32, 1, 1])
  })
})

describe('mistakes', () => {
  const mistakes = (...given: readonly string[]) =>
    elaborate(load(text), { settings: settings(...given) }).diagnostics.map(({ code, span, help }) => [
      code,
      span?.file.path,
      help,
    ])

  it.each([
    ['see.reduction=2', 'E0521', 'did you mean `se`?'],
    ['layer.se.reduction=2', 'E0521', 'its blocks are: `unit`, `se`'],
    ['conv.channels=2', 'E0521', 'its blocks are: `unit`, `se`'],
    ['se.reductoin=2', 'E0402', 'did you mean `reduction`?'],
  ])('%s is %s', (given, code, help) => {
    expect(mistakes(given)).toEqual([[code, `--set ${given.split('=')[0]!}`, help]])
  })

  it('of a type are told where the value stands', () => {
    expect(mistakes('se.reduction="two"').map(([code, path]) => [code, path])).toEqual([
      ['E0401', '--set se.reduction'],
    ])
  })
})
