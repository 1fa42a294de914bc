import { describe, expect, test } from 'vitest'
import { noPlacements } from '../../src/elaborate/changes.ts'
import { checkProgram } from '../../src/elaborate/elaborate.ts'
import { ElaborationState } from '../../src/elaborate/place.ts'
import { runBlock } from '../../src/elaborate/statements.ts'
import { graphFromJson, graphToJson } from '../../src/ir/json.ts'
import { parse, parseExpression, parsePlacement, parseRemoval } from '../../src/parser/parse.ts'
import { treeFromJson, treeToJson } from '../../src/parser/tree-json.ts'
import { loadProgram } from '../../src/project/load.ts'
import { createSourceFile } from '../../src/source/source-file.ts'
import { hostOf } from '../support/host.ts'
import { graphOf } from '../support/graph-of.ts'

/** Every construct of the grammar that can hold another of its kind, so often. */
const expressions: Readonly<Record<string, (n: number) => string>> = {
  brackets: (n) => '('.repeat(n) + '1' + ')'.repeat(n),
  lists: (n) => '['.repeat(n) + '1' + ']'.repeat(n),
  arguments: (n) => 'max('.repeat(n) + '1' + ')'.repeat(n),
  'named arguments': (n) => 'same(k: '.repeat(n) + '1' + ')'.repeat(n),
  'calls of calls': (n) => `same${'(k: 1)'.repeat(n)}`,
  indices: (n) => 'l['.repeat(n) + '0' + ']'.repeat(n),
  'indices of indices': (n) => `l${'[0]'.repeat(n)}`,
  members: (n) => `x${'.width'.repeat(n)}`,
  minuses: (n) => `${'-'.repeat(n)}1`,
  nots: (n) => `${'not '.repeat(n)}true`,
  sums: (n) => `1${' + 1'.repeat(n)}`,
  'sums that lean right': (n) => `${'1 + ('.repeat(n)}1${')'.repeat(n)}`,
  'conditions joined': (n) => `true${' and true'.repeat(n)}`,
  'conditions joined from the right': (n) => `${'true and ('.repeat(n)}true${')'.repeat(n)}`,
  ranges: (n) => `${'len(0..'.repeat(n)}1${')'.repeat(n)}`,
  'conditions of choices': (n) => `${'if '.repeat(n)}true${' { true } else { false }'.repeat(n)}`,
  'conditions without an end': (n) => 'if '.repeat(n),
  'branches of choices': (n) => `${'if true { '.repeat(n)}1${' } else { 2 }'.repeat(n)}`,
  'other branches of choices': (n) => `${'if false { 1 } else { '.repeat(n)}2${' }'.repeat(n)}`,
  'else ifs of choices': (n) => `if true { 1 }${' else if true { 2 }'.repeat(n)} else { 3 }`,
  'lists that loops run over': (n) => `${'[for i in '.repeat(n)}l${': 1]'.repeat(n)}`,
  'conditions of loops': (n) => `${'[for i in l if len('.repeat(n)}l${') > 0: 1]'.repeat(n)}`,
  'elements of loops': (n) => `${'[for i in l: '.repeat(n)}1${']'.repeat(n)}`,
  pipelines: (n) => `x${' -> relu'.repeat(n)}`,
  'pipelines within pipelines': (n) => `${'(x -> same -> same -> '.repeat(n)}relu${')'.repeat(n)}`,
  'pipelines on the left': (n) => `${'('.repeat(n)}x${' -> relu)'.repeat(n)}`,
  names: (n) => `${'('.repeat(n)}relu${' as r)'.repeat(n)}`,
  blocks: (n) => `x -> ${'wrap('.repeat(n)}relu${')'.repeat(n)}`,
}

const statements: Readonly<Record<string, (n: number) => string>> = {
  ifs: (n) => `${'if true { '.repeat(n)}a = 1${' }'.repeat(n)}`,
  elses: (n) => `${'if false { } else { '.repeat(n)}a = 1${' }'.repeat(n)}`,
  'else ifs': (n) => `if false { }${' else if false { }'.repeat(n)}`,
  'ifs of which nothing is known': (n) => `${'if 3 { '.repeat(n)}a = 1${' }'.repeat(n)}`,
  fors: (n) => `${'for i in l { '.repeat(n)}a = 1${' }'.repeat(n)}`,
  'ifs without an end': (n) => 'if true { '.repeat(n),
  'conditions of ifs': (n) => `${'if '.repeat(n)}true${' { true } else { false }'.repeat(n - 1)} { }`,
  assertions: (n) => `assert ${'('.repeat(n)}true${')'.repeat(n)}`,
  stages: (n) => `stage s = relu x ${'('.repeat(n)}1${')'.repeat(n)}`,
  modules: (n) => `stage s = relu with ${'('.repeat(n)}relu${')'.repeat(n)} at s if ${'not '.repeat(n)}true`,
  returns: (n) => `return ${'('.repeat(n)}x${')'.repeat(n)}`,
  metadata: (n) => `metadata(mean: ${'['.repeat(n)}0${']'.repeat(n)})`,
}

const helpers = 'block same(k: int = 1) { return x }\nblock wrap(f: block) { return x -> f }\n'
const network = (body: string): string =>
  `${helpers}network n() {\n  input 3 x 8 x 8\n  l = [0]\n  ${body}\n  stem = x -> conv(4, 3)\n}\n`

/** Mistakes; a value that nothing uses is only warned of. */
const check = (text: string) =>
  checkProgram(loadProgram('main.arch', hostOf({ 'main.arch': text }))).filter(
    ({ severity }) => severity === 'error',
  )

/** Runs with at most half of the stack, as a browser's might be, and whatever the caller has used of it. */
function withHalfTheStack<T>(run: () => T): T {
  const calls = (left: number): number => {
    try {
      return calls(left + 1)
    } catch {
      return left
    }
  }
  // Optimised code takes less: the function is measured as often as it takes for its frames to shrink no more.
  const most = [0, 0, 0].map(() => calls(0)).reduce((a, b) => Math.min(a, b), Infinity)
  const below = (left: number): T => (left === 0 ? run() : below(left - 1))
  return below(Math.floor(most / 4))
}

const LEVELS = [1, 62, 64, 100, 300, 499, 1000]
/** Of these the text itself may be too long. */
const MOST_LEVELS = 100_000

describe('a construct within itself is read and built, or is one mistake of its depth', () => {
  const all = [
    ...Object.entries(expressions).map(
      ([name, of]) => [name, (n: number) => network(`a = ${of(n)}`)] as const,
    ),
    ...Object.entries(statements).map(([name, of]) => [name, (n: number) => network(of(n))] as const),
    ['defaults', (n: number) => `block b(k: int = ${'('.repeat(n)}1${')'.repeat(n)}) { return x }`] as const,
    [
      'types',
      (n: number) => `block b(k: int${'[]'.repeat(n)}) { return x }\n${network('a = x -> b([])')}`,
    ] as const,
    [
      'arguments of variants',
      (n: number) => `${network('')}network v = n(${'('.repeat(n)}1${')'.repeat(n)})`,
    ] as const,
  ]
  test.each(all)('%s', (_, textOf) => {
    for (const levels of [...LEVELS, MOST_LEVELS]) {
      const codes = withHalfTheStack(() => check(textOf(levels))).map(({ code }) => code)
      if (levels >= 1000) expect(['E0118', 'E0119', 'E0120']).toContain(codes[0])
      if (levels >= 1000) expect(codes).toHaveLength(1)
      else expect(codes.length).toBeLessThan(4)
    }
  })

  test.each(Object.entries(expressions))('%s in an expression or a placement of the caller', (_, textOf) => {
    for (const levels of LEVELS) {
      const text = textOf(levels)
      withHalfTheStack(() => {
        parseExpression(createSourceFile('--set', text))
        parsePlacement(createSourceFile('--with', `layer1: ${text} at residual`))
        parseRemoval(createSourceFile('--without', text))
      })
    }
  })

  test.each(Object.entries(expressions))('the tree of %s is written as JSON and read', (_, textOf) => {
    for (const levels of LEVELS) {
      const file = createSourceFile('main.arch', network(`a = ${textOf(levels)}`))
      const { module } = parse(file)
      expect(withHalfTheStack(() => treeFromJson(treeToJson(module), file).declarations.length)).toBe(
        module.declarations.length,
      )
    }
  })
})

describe('blocks within blocks, times expressions within expressions', () => {
  const calls: Readonly<Record<string, (call: string, n: number) => string>> = {
    brackets: (call, n) => `return ${'('.repeat(n)}${call}${')'.repeat(n)}`,
    'a pipeline': (call, n) => `return ${call}${' -> same'.repeat(n)}`,
    ifs: (call, n) => `${'if true { '.repeat(n)}y = ${call}${' }'.repeat(n)}\n  return y`,
    choices: (call, n) => `return ${'if true { '.repeat(n)}${call}${' } else { x }'.repeat(n)}`,
    arguments: (call, n) => `return ${'concat('.repeat(n)}${call}${')'.repeat(n)}`,
    lists: (call, n) => `y = ${'['.repeat(n)}${call}${']'.repeat(n)}${'\n  y = y[0]'.repeat(n)}\n  return y`,
    sums: (call, n) => `return ${call}${' + x'.repeat(n)}`,
    'elements of loops': (call, n) =>
      `y = ${'[for i in 0..1: '.repeat(n)}${call}${']'.repeat(n)}\n  return x`,
  }
  const program = (blocks: number, body: (call: string) => string): string => {
    const chain = Array.from(
      { length: blocks },
      (_, i) => `block b${i}() {\n  ${body(`(x -> b${i + 1})`)}\n}`,
    )
    return `${chain.join('\n')}\nblock b${blocks}() { return x -> relu }\n${network('y = x -> b0')}`
  }
  const sizes = [1, 5, 20, 40, 63, 64, 100].flatMap((blocks) =>
    [0, 1, 8, 30, 60].map((n) => [blocks, n] as const),
  )

  test.each(Object.entries(calls))('%s', (_, callIn) => {
    for (const [blocks, levels] of sizes) {
      const found = withHalfTheStack(() => check(program(blocks, (call) => callIn(call, levels))))
      const codes = found.map(({ code }) => code)
      expect(codes.length).toBeLessThan(2)
      expect(['E0510', 'E0550', 'E0509', undefined]).toContain(codes[0])
      if (blocks <= 20 && levels <= 8) expect(codes).toEqual([])
    }
  })

  test('a long pipeline nests no deeper than a short one', () => {
    expect(check(program(60, (call) => `return ${call}${' -> same'.repeat(400)}`))).toEqual([])
  })
})

describe('chains as long as a program', () => {
  const count = 1990
  test('of blocks that use each other, although no network does', () => {
    const blocks = Array.from({ length: count }, (_, i) => `block b${i}() { return x -> b${i + 1} }\n`)
    expect(withHalfTheStack(() => check(`${blocks.join('')}block b${count}() { return x -> relu }`))).toEqual(
      [],
    )
    const ring = withHalfTheStack(() => check(`${blocks.join('')}block b${count}() { return x -> b0 }`))
    expect(ring.map(({ code }) => code)).toEqual(['E0208'])
    const mistake = withHalfTheStack(() => check(`${blocks.join('')}block b${count}() { return x -> rleu }`))
    expect(mistake.map(({ code }) => code)).toEqual(['E0201'])
  })

  test.each([
    [64, []],
    [65, ['E0552']],
    [count, ['E0552']],
  ])('of %i variants', (length, codes) => {
    const variants = Array.from({ length }, (_, i) => `network v${i + 1} = v${i}(a: 1)\n`).join('')
    const text = `network v0(a: int = 1) {\n  input 3 x 8 x 8\n  stem = conv(a, 3)\n}\n${variants}`
    expect(withHalfTheStack(() => check(text)).map(({ code }) => code)).toEqual(codes)
  })

  test('of variants in a ring: the ring is the only mistake', () => {
    const ring = Array.from({ length: 100 }, (_, i) => `network v${i} = v${(i + 1) % 100}()\n`).join('')
    expect(check(ring).map(({ code }) => code)).toEqual(['E0208'])
  })

  test('of files', () => {
    const files = Array.from({ length: 499 }, (_, i): [string, string] => [
      `f${i}.arch`,
      `import { b } from "./f${i + 1}"\nblock c() { return x -> ${'relu('.repeat(40)}${')'.repeat(40)} }`,
    ])
    const host = hostOf({ ...Object.fromEntries(files), 'f499.arch': 'block b() { return x }' })
    expect(withHalfTheStack(() => loadProgram('f0.arch', host)).modules.size).toBe(500)
  })
})

test('a path of the IR that is too long is refused before a regular expression meets it', async () => {
  const graph = graphToJson(graphOf('stem = relu'))
  const path = `${'a.'.repeat(10_000_000)}a`
  const nodes = graph.nodes.map((node) => ({ ...node, path }))
  await expect(graphFromJson({ ...graph, nodes }, { path: 'model.json' })).rejects.toMatchObject({
    diagnostics: [{ code: 'E0803' }],
  })
})

test('facts of a mistake are looked for once a place, and repeating it costs steps', () => {
  const state = new ElaborationState(runBlock, noPlacements)
  const span = { file: createSourceFile('a', 'text'), start: 0, end: 1 }
  let looked = 0
  const report = () => state.report('E0201', span, () => ({ name: `a${looked++}`, nearest: undefined }))
  report()
  const first = state.stepsTaken
  for (let i = 0; i < 1000; i++) report()
  expect(looked).toBe(1)
  expect(state.diagnostics).toHaveLength(1)
  expect(first).toBeGreaterThan(100)
  expect(state.stepsTaken - first).toBe(1000)
})
