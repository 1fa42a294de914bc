import { describe, expect, it } from 'vitest'
import { elaborate, checkProgram, networkNames } from '../../../src/ir/elaborate/elaborate.ts'
import type { Graph, Node } from '../../../src/ir/graph.ts'
import { parseExpression } from '../../../src/parser/parse.ts'
import { loadProgram } from '../../../src/project/load.ts'
import { createSourceFile } from '../../../src/source/source-file.ts'
import { hostOf } from '../../support/host.ts'

const load = (text: string) => loadProgram('net.arch', hostOf({ 'net.arch': text }))

function build(text: string, options: Parameters<typeof elaborate>[1] = {}): Graph {
  const { graph, diagnostics } = elaborate(load(text), options)
  expect(diagnostics.map(({ message }) => message)).toEqual([])
  if (graph === undefined) throw new Error('no graph')
  return graph
}

const network = (body: string) => `network net(width: int = 8) {\n  input 3 x 32 x 32\n${body}\n}`
const paths = ({ nodes }: Graph) => nodes.map(({ path }) => path)
const nodeAt = ({ nodes }: Graph, path: string): Node => {
  const found = nodes.find((node) => node.path === path)
  if (found === undefined)
    throw new Error(`no node ${path}; there are ${nodes.map((node) => node.path).join(', ')}`)
  return found
}
const shapeOf = (graph: Graph, path: string) => graph.values[nodeAt(graph, path).outputs[0] ?? -1]?.type.shape

const unit = `
block unit(channels: int, stride: int = 1) {
  main = x -> conv(channels, 3, stride) -> batch_norm -> slot residual
  return main -> relu
}
`

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
    expect(paths(graph)).toEqual(['body.0.conv1', 'body.0.conv2', 'body.0.batch_norm1', 'body.0.relu1'])
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

describe('variants and settings', () => {
  const text =
    network('stem = conv(width, 3)') +
    '\nnetwork wide = net(width: 16)\nnetwork wider = wide(width: 32)\nnetwork same = wider'
  const channels = (options: Parameters<typeof elaborate>[1]) =>
    shapeOf(build(text.replace('\nnetwork same = wider', ''), options), 'stem.conv1')?.[0]
  const setting = (value: string) =>
    new Map([['width', parseExpression(createSourceFile('--set', value)).expression]])

  it('lay arguments over defaults, outer variants over inner ones, settings over all', () => {
    expect(channels({ network: 'net' })).toBe(8)
    expect(channels({ network: 'wide' })).toBe(16)
    expect(channels({ network: 'wider' })).toBe(32)
    expect(channels({ network: 'wider', settings: setting('5 * 8') })).toBe(40)
  })

  it('report a setting that no parameter has', () => {
    const { diagnostics } = elaborate(load(network('stem = relu')), {
      settings: new Map([['widht', setting('1').get('width')!]]),
    })
    expect(diagnostics.map(({ code, help }) => [code, help])).toEqual([['E0417', 'did you mean `width`?']])
  })

  it('take another input size, and the crop in proportion', () => {
    const graph = build(network('stem = conv(8, 3)'), { inputSize: [3, 64, 96] })
    expect(shapeOf(graph, 'stem.conv1')).toEqual([8, 64, 96])
    expect(graph.metadata.resize).toBe(74)
  })

  it('apply to the only network of a file, even one that needs them', () => {
    const needy = load('network net(width: int) { input 3 x 8 x 8 stem = conv(width, 3) }')
    expect(elaborate(needy).diagnostics.map(({ code }) => code)).toEqual(['E0403'])
    expect(elaborate(needy, { settings: setting('4') }).graph?.name).toBe('net')
  })

  it('are chosen by name where there are several', () => {
    expect(networkNames(load(text.replace('\nnetwork same = wider', '')))).toEqual(['net', 'wide', 'wider'])
    const codes = (name?: string) =>
      elaborate(
        load(text.replace('\nnetwork same = wider', '')),
        name === undefined ? {} : { network: name },
      ).diagnostics.map(({ code }) => code)
    expect(codes()).toEqual(['E0211'])
    expect(codes('wiide')).toEqual(['E0210'])
  })
})

describe('messages', () => {
  it('tell the chain of blocks and stages that led to a mistake, once for all repetitions', () => {
    const text =
      'block inner(channels: int) { return (x -> conv(channels, 3)) + x }\nblock outer(channels: int) { return x -> inner(channels) }\n' +
      network('stage body = outer(8) x 3')
    const [first, ...others] = checkProgram(load(text))
    expect(others).toEqual([])
    expect(first?.notes).toEqual([
      'in block `inner` (called at net.arch:2:42), block `outer`, repetition 0 of stage `body` (line 5), network `net`',
    ])
    expect(first?.labels.map(({ text: shape }) => shape)).toEqual(['8 x 32 x 32', '3 x 32 x 32'])
  })

  it('tell the turn of a loop', () => {
    const [first] = checkProgram(
      load(network('for k in [1, 2] { for j in 1..3 { y = x -> conv(3, k * j) } }\nstem = relu')),
    )
    expect([first?.code, first?.notes]).toEqual(['E0305', ['in turn k = 1, j = 2', 'in network `net`']])
  })

  it('say nothing of a returned list in which something failed', () => {
    const text =
      'block two() { return [x -> relu, x -> conv(8, 2)] }\n' +
      network('a, b = x -> two\nstem = concat(a, b)')
    expect(checkProgram(load(text)).map(({ code }) => code)).toEqual(['E0305'])
  })

  it('advise to take one tensor where a list flows', () => {
    const [first] = checkProgram(load(network('y = x -> split(3)\nstem = y -> conv(8, 3)')))
    expect([first?.code, first?.help]).toEqual([
      'E0306',
      'what flows is a list of 3 tensors: take one of them, such as `x[0]`',
    ])
  })

  it('keep a mistake in one declaration from hiding those in another', () => {
    const codes = checkProgram(
      load(
        'block broken() { return x -> nothing }\nblock fine() { return x -> conv(3, 2) }\n' +
          network('stem = fine() -> relu'),
      ),
    )
    expect(codes.map(({ code }) => code)).toEqual(['E0201', 'E0305'])
  })
})
