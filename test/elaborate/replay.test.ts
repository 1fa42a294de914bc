import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { resolveDeclarations } from '../../src/elaborate/declarations.ts'
import { elaborateNetwork, type BuildOptions } from '../../src/elaborate/network.ts'
import { Replays } from '../../src/elaborate/replay.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { parseExpression } from '../../src/parser/parse.ts'
import { loadProgram } from '../../src/project/load.ts'
import { createSourceFile } from '../../src/source/source-file.ts'
import { hostOver, readCorpus } from '../fuzz/corpus.ts'
import { writeProgram } from '../fuzz/generate/programs.ts'
import { mutate } from '../fuzz/mutations.ts'
import { Random } from '../fuzz/random.ts'
import { build, load, network, nodeAt, unit } from './build.ts'

/** All that an elaboration tells: the graph, what is wrong and what is odd, and the steps that it took. */
interface Told {
  readonly graph: Graph | undefined
  readonly diagnostics: readonly object[]
  readonly steps: number
}

const plain = ({ span, labels, ...rest }: Diagnostic) => ({
  ...rest,
  span: span && [span.file.path, span.start, span.end],
  labels: labels.map((label) => [label.text, label.span.file.path, label.span.start, label.span.end]),
})

type Input = BuildOptions & { readonly replays?: Replays; readonly most?: number }

/** What is told of each network of a program's file. */
function toldOf(program: ReturnType<typeof load>, { most, ...input }: Input = {}): readonly Told[] {
  const { entry, isBroken } = resolveDeclarations(program)
  const networks = [...entry.names.values()].filter(
    (one) => one.scope === entry && one.declaration.kind !== 'block' && !isBroken(one),
  )
  return networks.map((declared) => {
    const { graph, state } = elaborateNetwork(declared, input, most)
    const diagnostics = [...state.diagnostics, ...state.warnings].map(plain)
    return { graph: graph?.(), diagnostics, steps: state.stepsTaken }
  })
}

const programOf = (text: string) => loadProgram('main.arch', hostOver({ 'main.arch': text }))

function expectSame(program: ReturnType<typeof load>, input: BuildOptions = {}): readonly Told[] {
  const anew = toldOf(program, input)
  const replays = new Replays()
  expect(toldOf(program, { ...input, replays })).toEqual(anew)
  // Now all blocks are known.
  expect(toldOf(program, { ...input, replays })).toEqual(anew)
  return anew
}

const settings = (...texts: readonly string[]) =>
  new Map(
    texts.map((text) => {
      const [name = '', value = ''] = text.split('=')
      return [name, parseExpression(createSourceFile('--set', value)).expression]
    }),
  )

const specs = new URL('../../specs/networks/', import.meta.url)

describe('with replays a network is what it is without them: graph, diagnostics, steps', () => {
  test.each(readdirSync(specs))('%s', (file) => {
    const told = expectSame(programOf(readFileSync(new URL(file, specs), 'utf8')))
    expect(told.some(({ graph }) => graph !== undefined)).toBe(true)
  })

  test('the fixtures, the examples and the snippets of the docs', () => {
    const { small, exhausting } = readCorpus()
    for (const text of [...small, ...exhausting]) expectSame(programOf(text))
  })

  test('programs that chance makes, sound or with mistakes', () => {
    for (let index = 0; index < 80; index++) {
      const random = new Random(`replay/${index}`)
      const { files, settings: given } = writeProgram(random)
      const text = files['main.arch'] ?? ''
      const main = index % 2 === 0 ? text : mutate(text, random, () => text).text
      const program = loadProgram('main.arch', hostOver({ ...files, 'main.arch': main }))
      expectSame(program)
      expectSame(program, { settings: settings(...given.slice(0, 1)), inputSize: [64, 48] })
    }
  })
})

const bodies: Readonly<Record<string, string>> = {
  'values that nothing reads': `
block lossy(channels: int) {
  lost = x -> conv(channels, 3)
  a, b = x -> split(2)
  waits = relu
  return x -> conv(channels, 3) -> batch_norm
}
${network('stem = conv(width, 3)\nstage body = lossy(width) x 12\nhead = global_avg_pool')}`,
  'one tensor given twice, then two': `
block fuse(other: tensor) { return x + other }
${network('stem = conv(width, 3)\ny = x -> conv(width, 3)\nstage s = (x -> fuse(x)) -> fuse(y) x 3\nstage t = (x -> fuse(y)) -> fuse(y) x 3')}`,
  'modules in slots of some repetitions': `${unit}
${network('stem = conv(width, 3)\nstage body = unit(width) x 12 with relu at residual if i % 3 == 0')}`,
  'a convolution whose norm stands in front of a block or in it': `
block normed() { return x -> batch_norm -> relu -> conv(x.channels, 3) }
${network('stem = conv(width, 3) -> normed -> normed -> batch_norm\nstage body = (conv(width, 3) -> normed) x 4\nstage tail = normed x 3')}`,
  'names that the arguments have taken': `
block take(other: tensor) { return (x -> conv(8, 3)) + other }
${network('stem = conv(width, 3)\nstage body = take(other: x -> conv(8, 3)) x 3')}`,
  'growing channels': `
block grow(growth: int) { return concat(x, x -> conv(growth, 3) -> batch_norm) }
${network('stem = conv(width, 3)\nstage body = grow(4) x 5')}`,
  'pipelines that end within a block, with a name or without': `
block wrap() { return x -> named(x -> conv(8, 3)) }
block named(other: tensor) {
  y = [[x -> conv(8, 3)]]
  z = x -> conv(8, 3)
  return (y[0][0] -> batch_norm) + (z -> batch_norm) + (other -> batch_norm)
}
${network('stem = conv(width, 3)\nstage body = wrap x 3')}`,
  'two tensors where there was one before': `
block fuse(other: tensor) { return x + other }
${network('a = x -> conv(8, 3)\nb = x -> conv(8, 3)\nc = [for k in 0..3: a -> fuse(if k == 1 { b } else { a })]\nhead = c -> concat')}`,
  'names that the arguments of some repetitions have taken': `
block take(other: tensor) { return (x + other) -> relu }
${network('stem = conv(width, 3)\ny = x -> conv(width, 3)\nstage body = take(other: if i % 2 == 0 { y } else { x -> relu }) x 4')}`,
  'modules of one name with other arguments': `${unit}
${network('stem = conv(width, 3)\nstage body = unit(width) x 5 with depthwise_conv(if i % 2 == 0 { 3 } else { 5 }) at residual')}`,
  'a block in several chains of blocks': `
block inner() { return x -> conv(8, 3) }
block outer() { return x -> inner }
${network('stem = conv(width, 3)\nstage body = (x -> outer -> outer) x 3')}`,
  'mistakes in some repetitions': `
block shrink() { return x -> conv(8, 3, 2, padding: 0) }
${network('stem = conv(width, 3)\nstage body = shrink() x 12')}`,
  'several outputs, and a block as an argument': `
block both(f: block) { return x -> f, x -> f(8) }
block inner(channels: int = 8, k: int = 3) { return x -> conv(channels, k) }
${network('stem = conv(width, 3)\nstage body = (x -> both(inner) -> concat -> conv(8, 1)) x 3\nstage more = (x -> both(inner(k: 1)) -> add) x 2')}`,
}

describe('what a block does besides its operators is done again', () => {
  test.each(Object.entries(bodies))('%s', (name, text) => {
    const [told] = expectSame(load(text))
    expect(told?.graph === undefined).toBe(name.startsWith('mistakes'))
    expectSame(load(text), { inputSize: [17, 33] })
    expectSame(load(text), { settings: settings('width=16') })
  })

  test('the arguments of blocks that a caller changes, in one part or in all', () => {
    const program = load(
      `${unit}${network('stem = conv(width, 3)\nstage a = unit(8) x 3\nstage b = unit(8) x 3')}`,
    )
    const replays = new Replays()
    for (const changes of [['unit.channels=16'], ['a.unit.channels=16'], [], ['b.unit.channels=4']]) {
      const input = { settings: settings(...changes) }
      expect(toldOf(program, { ...input, replays })).toEqual(toldOf(program, input))
    }
  })

  test('a limit on steps is met at the same place', () => {
    const program = load(`${unit}${network('stem = conv(8, 3)\nstage body = unit(8) x 20')}`)
    const [whole] = toldOf(program)
    const codes = new Set<unknown>()
    for (let most = 1; most <= (whole?.steps ?? 0); most += 7) {
      const told = toldOf(program, { most, replays: new Replays() })
      expect(told).toEqual(toldOf(program, { most }))
      for (const diagnostic of told[0]?.diagnostics ?? []) codes.add((diagnostic as Diagnostic).code)
    }
    expect([...codes]).toEqual(['E0509'])
  })
})

describe('what later stages can rely on', () => {
  const text = `${unit}${network('stem = conv(width, 3)\nstage body = unit(width) x 3')}`
  const graph = build(text)

  test('operators of repetitions share their attributes, and their values the types', () => {
    for (const name of ['conv1', 'batch_norm1', 'relu1']) {
      const [first, second, third] = [0, 1, 2].map((turn) => nodeAt(graph, `body.${turn}.${name}`))
      expect(second!.attributes).toBe(first!.attributes)
      expect(third!.attributes).toBe(first!.attributes)
      const typeOf = (node: typeof first) => graph.values[node!.outputs[0]!]!.type
      expect(typeOf(third)).toBe(typeOf(second))
      expect(typeOf(second)).toBe(typeOf(first))
    }
  })

  test('so do the parameters of repetitions share their types and what they start with', () => {
    const of = (turn: number) => graph.parameters.find(({ name }) => name === `body.${turn}.conv1.weight`)!
    expect(graph.values[of(2).value]!.type).toBe(graph.values[of(1).value]!.type)
    expect(of(2).initial).toBe(of(1).initial)
  })

  test('the networks of one program share them too, whatever else their settings change', () => {
    const program = load(`${unit}${network('stem = conv(8, width)\nstage body = unit(8) x 2')}`)
    const replays = new Replays()
    const [a, b] = ['width=3', 'width=5'].map(
      (change) => toldOf(program, { settings: settings(change), replays })[0]!.graph!,
    )
    expect(nodeAt(b!, 'body.1.conv1').attributes).toBe(nodeAt(a!, 'body.0.conv1').attributes)
    expect(nodeAt(b!, 'stem.conv1').attributes).not.toEqual(nodeAt(a!, 'stem.conv1').attributes)
  })
})
