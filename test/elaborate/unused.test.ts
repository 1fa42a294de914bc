import { describe, expect, it, test, vi } from 'vitest'
import { MAX_DIAGNOSTICS } from '../../src/diagnostics/diagnose.ts'
import { checkProgram, elaborate } from '../../src/elaborate/elaborate.ts'
import { GraphBuilder } from '../../src/elaborate/graph-builder.ts'
import { verifyGraph } from '../../src/ir/verifier.ts'
import { load, network, paths } from './build.ts'

const blocks = `
block same() { return x -> conv(8, 3) -> relu }
block flagged(on: bool) {
  extra = x -> conv(8, 1)
  main = x -> conv(8, 3)
  return if on { main + extra } else { main }
}
block early(on: bool) {
  extra = x -> conv(8, 1)
  if on { return extra }
  return x -> conv(8, 3)
}
block fuse(other: tensor) { return x -> relu }
block fuse_if(other: tensor, on: bool) {
  if on { return x + other }
  return x -> relu
}
block ends() { return x -> conv(8, 3), x -> conv(8, 5) }
`
const found = (body: string) => {
  const diagnostics = checkProgram(load(blocks + network(body)))
  return diagnostics.map(
    ({ code, span, severity }) => `${severity} ${code} ${span?.file.text.slice(span.start, span.end)}`,
  )
}
const built = (text: string, name?: string) => {
  const { graph, diagnostics } = elaborate(load(text), name === undefined ? {} : { network: name })
  if (graph === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  expect(verifyGraph(graph)).toEqual([])
  return { graph, codes: diagnostics.map(({ code }) => code) }
}

/** Work that is lost, and the name that lost it. */
const lost: readonly (readonly [string, readonly string[]])[] = [
  ['a = x -> conv(8, 3)\nstem = conv(8, 1)', ['E0525 a']],
  ['a = conv(8, 3) -> relu\nstem = conv(8, 1)', ['E0525 a']],
  ['stem = conv(8, 1)\nneck = conv(8, 3)\nhead = relu', ['E0525 neck']],
  ['stem = conv(8, 1)\nneck = same\nhead = relu', ['E0525 neck']],
  ['stem = conv(8, 1)\nneck = conv("a", strides: 3)\nhead = relu', ['E0525 neck']],
  ['l = [1]\nl = [l, l]\nl = [l, l]\nz = conv(l, 3)\nstem = conv(8, 1)', ['E0525 z']],
  ['a = x -> conv(8, 3)\nb = a -> relu\nstem = conv(8, 1)', ['E0525 b']],
  ['a = x -> conv(8, 3)\nb = a\nstem = conv(8, 1)', ['E0525 b']],
  ['a = x -> conv(8, 3)\na = x -> conv(8, 5)\nstem = a -> relu', ['E0525 a']],
  ['a, b = x -> conv(8, 3) -> split(2)\nstem = a -> relu', ['E0525 b']],
  ['a, b = x -> ends\nstem = a -> relu', ['E0525 b']],
  ['if width > 3 { a = x -> conv(8, 3) }\nstem = conv(8, 1)', ['E0525 a']],
  ['for k in 0..3 { a = x -> conv(8, 3) }\nstem = conv(8, 1)', ['E0525 a']],
  ['for y in [x -> conv(8, 3)] { z = 1 }\nstem = conv(8, 1)', ['E0525 y']],
  ['a = [for y in [x -> conv(8, 3)]: 1]\nstem = conv(8, 1)', ['E0525 y']],
  ['a = [x -> conv(8, 3), x -> conv(8, 1)]\nstem = conv(8, 1)', ['E0525 a']],
  ['a = [x -> conv(8, 3), x -> conv(8, 1)]\nstem = a[1] -> relu', ['E0527 a']],
  ['stem = [x -> conv(8, 3), x -> conv(8, 1)][1] -> relu', ['E0527 [x -> conv(8, 3), x -> conv(8, 1)]']],
  ['stem = ends\nhead = x[0] -> relu', ['E0527 stem']],
  ['stage s = ends\nhead = s[1] -> relu', ['E0527 s']],
  ['a = x -> conv(8, 3)\nstem = conv(a.channels, 1)', ['E0526 a']],
  ['a = [x -> conv(8, 3)]\nstem = conv(len(a), 1)', ['E0526 a']],
  ['a = x -> conv(8, 3)\nstem = conv(8, 1) -> fuse(a)', ['E0525 other']],
  ['stem = conv(8, 1)\nhead = conv(8, 3)\nreturn stem', ['E0525 head']],
  ['stem = conv(8, 1)\nstage s = conv(8, 3) x 2\nout = stem -> relu\nreturn out', ['E0525 s']],
  ['stem = conv(8, 1)\nout = x -> linear_head', []],
]

/** Work that is used, or lost in some paths only. */
const used: readonly string[] = [
  'stem = conv(8, 3)\nhead = relu',
  'a = x\nstem = conv(8, 3)',
  'a = 3\nstem = conv(8, 3)',
  'stem = flagged(false)',
  'stem = early(false)',
  'stem = early(true)',
  'a = x -> conv(8, 3)\nstem = conv(8, 3) -> fuse_if(a, false)',
  'a = x -> conv(8, 3)\nif width > 100 { stem = a -> relu } else { stem = conv(4, 3) }',
  'a = x -> conv(8, 3)\nb = if width > 100 { a } else { x }\nstem = b -> relu',
  'a = x -> conv(8, 3)\nfor k in 0..width - 8 { a = a -> relu }\nstem = a -> relu',
  'a = [x -> conv(8, 3), x -> conv(8, 5)]\nstem = a[width - 8] -> relu',
  'a, _ = x -> conv(8, 3) -> split(2)\nstem = a -> relu',
  '_spare = x -> conv(8, 3)\nstem = conv(8, 1)',
  'y = x\nfor k in 0..3 { y = y -> conv(8, 3) }\nstem = y -> relu',
  'y = x\nz = x\nfor k in 0..3 { z = y -> relu\n y = z -> conv(8, 3) }\nstem = y -> relu',
  'stem = conv(8, 3)\nreturn x -> relu, stem',
  'stage s = ends\nhead = concat(x) -> relu',
  'stem = conv(8, 3)\nreturn conv(4, 1)',
]

describe('work that nothing uses', () => {
  test.each(lost.filter(([, expected]) => expected.length > 0))('%s: warned of', (body, expected) => {
    expect(found(body)).toEqual(expected.map((one) => `warning ${one}`))
  })

  test.each(lost.filter(([, expected]) => expected.length > 0))('%s: left out', (body) => {
    const { graph } = built(blocks + network(body))
    const taken = new Set([...graph.outputs, ...graph.nodes.flatMap(({ inputs }) => inputs)])
    for (const node of graph.nodes) expect(node.outputs.some((id) => taken.has(id))).toBe(true)
    expect(graph.values.map(({ id }) => id)).toEqual([...graph.values.keys()])
  })

  test.each(used)('%s: no warning', (body) => {
    expect(found(body)).toEqual([])
  })

  it('is left out where only another variant uses it, with no warning', () => {
    const text = `network a(deep: bool = true) {
  input 3 x 8 x 8
  extra = x -> conv(8, 3)
  stem = conv(8, 1)
  head = if deep { x + extra } else { x -> relu }
}
network b = a(deep: false)`
    expect(built(text, 'a').graph.nodes).toHaveLength(3)
    const { graph, codes } = built(text, 'b')
    expect(paths(graph)).toEqual(['stem.conv1', 'head.relu1'])
    expect(codes).toEqual([])
    expect(checkProgram(load(text))).toEqual([])
  })

  it('does not rename what is left', () => {
    const text = network('a = x -> conv(8, 3)\nb = x -> conv(8, 1)\nstem = b -> batch_norm')
    const { graph } = built(text)
    expect(paths(graph)).toEqual(['conv2', 'stem.batch_norm1'])
    expect(graph.parameters[0]?.name).toBe('conv2.weight')
  })

  it('is warned of once, however often a block is used', () => {
    const text = `block b() {\n  lost = x -> conv(8, 3)\n  return x -> relu\n}\n${network('stage s = b x 5\nstage t = b')}`
    expect(checkProgram(load(`${text}\nnetwork v = net(4)`)).map(({ code }) => code)).toEqual(['E0525'])
    expect(paths(built(text, 'net').graph)).toEqual(
      ['s.0', 's.1', 's.2', 's.3', 's.4', 't.0'].map((part) => `${part}.relu1`),
    )
  })

  it('is looked for no further than there are warnings to read', () => {
    const many = Array.from({ length: 150 }, (_, index) => `a${index} = x -> conv(8, 3)`).join('\n')
    const search = vi.spyOn(GraphBuilder.prototype, 'concatBeside')
    const diagnostics = checkProgram(load(network(`${many}\nstem = conv(8, 1)`)))
    expect(diagnostics).toHaveLength(MAX_DIAGNOSTICS)
    expect(search.mock.calls.length).toBeLessThanOrEqual(MAX_DIAGNOSTICS)
    search.mockRestore()
  })

  it('is a mistake where it is all that there is', () => {
    const { graph, diagnostics } = elaborate(load(network('a = x -> conv(8, 3)')))
    expect(graph).toBeUndefined()
    expect(diagnostics.map(({ code }) => code)).toEqual(['E0516'])
  })

  test.each([
    ['a = x -> conv(8, 1)\nb = x -> conv(8, 3)\nstem = concat(a, a)', /concat\(a, a\).* in line 5 forgot/],
    ['a = x -> conv(8, 1)\nb = x -> conv(8, 3)\nstem = [a, a] -> concat', /in line 5 forgot/],
    ['a = x -> conv(8, 1)\nb = x -> conv(8, 3, 2)\nstem = concat(a, a)', /stage b = /],
    ['a = x -> conv(8, 1)\na = x -> conv(8, 3)\nstem = [a, a] -> concat', /stage a = /],
    ['for k in 0..2 { a = x -> conv(8, 3) }\nstem = conv(8, 1)', /^use it or remove it/],
    [
      'for k in 0..2 { if k == 1 { a = x -> conv(8, 3) } }\nb = x -> conv(8, 1)\nstem = b',
      /^use it or remove it/,
    ],
    ['for k in 0..2 { y = x }\na = x -> conv(8, 3)\nstem = conv(8, 1)', /stage a = /],
    ['stem = conv(8, 1)\nneck = x -> conv(8, 3)\nhead = relu', /stage neck = /],
    ['stem = conv(8, 1)\nout = x -> relu', /head = .*return out/],
    ['stem = conv(8, 1)\nout = x -> relu\nreturn x', /use it or remove it/],
    ['a, b = x -> conv(8, 3) -> split(2)\nstem = a -> relu\nreturn x', /stage b|`_`/],
  ])('%s: help fits', (body, help) => {
    expect(checkProgram(load(network(body)))[0]?.help).toMatch(help)
  })
})
