import { describe, expect, test } from 'vitest'
import { checkProgram } from '../../src/ir/elaborate/elaborate.ts'
import { loadProgram } from '../../src/project/load.ts'
import { hostOf } from '../support/host.ts'

/** What a check says of one hostile file. Each of these took minutes or gigabytes, or would without its limit. */
const diagnosticsOf = (text: string) => checkProgram(loadProgram('main.arch', hostOf({ 'main.arch': text })))
const codesOf = (text: string): string[] => diagnosticsOf(text).map(({ code }) => code)

const network = (body: string): string => `network n() {
  input 3 x 8 x 8
  r = 0..10000
  ${body}
  head = global_avg_pool -> linear(4)
}
`

describe('work that few characters ask for', () => {
  test.each([
    ['loops around nothing', 'for h in r { for j in r { for k in r { } } }'],
    ['a loop of loops', 'for h in r { for j in r { a = h } }'],
    ['lists of lists', 'a = [for i in r: [for j in r: 1]]'],
    ['lists indexed by lists', 'for h in r { for j in r { a = r[r] } }'],
    ['arguments upon arguments', 'f = conv\n  for h in r { for j in r { f = f(1) } }'],
    ['lists through blocks', 'l = [for i in r: x]\n  for k in r { y = l -> same }'],
    ['lists of lists as arguments', 'l = [for i in r: r]\n  for k in r { y = x -> many(l) }'],
    ['lists of lists that become floats', 'l = [for i in r: r]\n  stem = floats(l)'],
  ])('%s: E0509', (_, body) => {
    const blocks = [
      'block same() { return x }',
      'block many(l: int[][]) { return x }',
      'block floats(l: float[][]) { return x }',
    ]
    expect(codesOf(`${blocks.join('\n')}\n${network(body)}`)).toEqual(['E0509'])
  })

  test('lists that double: E0507', () => {
    expect(codesOf(network('a = [1]\n  for k in 0..60 { a = a + a }'))).toEqual(['E0507'])
  })

  test('lists that hold themselves twice, again and again, cost nothing', () => {
    const codes = codesOf(network('a = [1]\n  for k in 0..60 { a = [a, a] }\n  stem = conv(a, 3)'))
    expect(codes).toEqual(['E0401'])
  })

  test.each([
    ['nothing', 'x'],
    ['operators', 'x -> relu'],
  ])('a tree of blocks of %s: E0509', (_, leaf) => {
    const blocks = Array.from(
      { length: 50 },
      (_, i) => `block b${i}() { return x -> b${i + 1} -> b${i + 1} }`,
    )
    const text = `${blocks.join('\n')}\nblock b50() { return ${leaf} }\n${network('stem = b0')}`
    expect(codesOf(text)).toEqual(['E0509'])
  })

  test.each(['x -> f(f)', 'x -> f(f) -> f(f)'])('a block that is handed to itself (%s): E0510', (body) => {
    expect(codesOf(`block w(f: block) { return ${body} }\n${network('stem = w(w)')}`)).toEqual(['E0510'])
  })

  test('many networks of one file share the steps of its check', () => {
    const slow = network('for h in r { for j in 0..100 { a = h } }')
    const variants = Array.from({ length: 900 }, (_, index) => `network v${index} = n()\n`)
    const codes = codesOf(slow + variants.join(''))
    expect(new Set(codes)).toEqual(new Set(['E0509']))
    expect(codes.length).toBeLessThan(4)
  })
})

describe('names without end', () => {
  const vast = 'a'.repeat(200_000)

  test.each([
    ['of values', network(`b${vast} = 1\n  stem = ${vast}c`)],
    ['of stages', network(`stage ${vast} = relu x 1000`)],
    ['of blocks', `block ${vast}() { return x -> relu as a }\n${network(`stage s = ${vast} x 1000`)}`],
  ])('%s are one mistake', (_, text) => {
    const [only, ...others] = diagnosticsOf(text)
    expect(others).toEqual([])
    expect(only?.code).toBe('E0130')
    expect(only?.message.length).toBeLessThan(200)
  })

  test('the longest that there may be do not multiply in the graph', () => {
    const blocks = Array.from({ length: 60 }, (_, i) => {
      const [name, next] = [i, i + 1].map((n) => `${'a'.repeat(195)}${n}`)
      return `block ${name}() { return ${i < 59 ? `x -> ${next}` : 'x -> relu'} }`
    })
    const body = `for k in r { y = x -> ${'a'.repeat(195)}0 }`
    expect(codesOf(`${blocks.join('\n')}\n${network(body)}`)).toEqual(['E0509'])
  })
})

describe('mistakes cost no more than the work', () => {
  /** Characters of all messages together. */
  const sizeOf = (text: string): number =>
    diagnosticsOf(text).reduce(
      (sum, one) => sum + JSON.stringify([one.message, one.notes, one.help]).length,
      0,
    )
  const many = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, i) => make(i))

  test('in fifty loops over a string of half a megabyte: messages tell a few letters of it', () => {
    const loops = many(50, (i) => `for v${i} in l { `).join('')
    const mistakes = many(99, (i) => `m${i} = 1 + "a"`).join('\n')
    const text = `l = ["${'s'.repeat(500_000)}"]\n  ${loops}${mistakes}${' }'.repeat(50)}`
    expect(codesOf(network(text))).toHaveLength(99)
    expect(sizeOf(network(text))).toBeLessThan(99 * 3000)
  })

  test.each([
    ['a long default', `block b(k: string = "${'s'.repeat(500_000)}") { return x }`, 'b(1, 2)'],
    [
      'long parameters',
      `block b(${many(2500, (i) => `${'p'.repeat(190)}${i}: int`).join(', ')}) { return x }`,
      'b()',
    ],
    [
      'parameters alike',
      `block b(${many(4500, (i) => `${'p'.repeat(90)}${i}: int = 1`).join(', ')}) { return x }`,
      `b(${'p'.repeat(90)}q: 1)`,
    ],
  ])('%s in a signature, a hundred times over', (_, block, call) => {
    const text = `${block}\n${network(many(90, (i) => `y${i} = x -> ${call}`).join('\n  '))}`
    expect(codesOf(text).length).toBeGreaterThanOrEqual(90)
    expect(sizeOf(text)).toBeLessThan(100 * 50_000)
  })

  test('unknown names among thousands that are alike', () => {
    const names = many(4500, (i) => `${'n'.repeat(90)}${i} = 1`).join('\n  ')
    const text = network(`${names}\n  ${many(100, (i) => `y${i} = ${'n'.repeat(90)}x${i}`).join('\n  ')}`)
    expect(codesOf(text)).toHaveLength(100)
  })

  test('many variants of a mistaken network share the steps of a check', () => {
    const text = `network n(a: int = 1) {\n  input 3 x 8 x 8\n  ${many(99, (i) => `y${i} = [1][a + ${i}]`).join('\n  ')}\n}\n`
    const variants = many(1900, (i) => `network v${i} = n(a: ${i + 1})\n`).join('')
    expect(codesOf(text + variants).length).toBeLessThanOrEqual(100)
  })

  test('blank lines around a mistake', () => {
    expect(codesOf(`block b( { }${'\n'.repeat(500_000)}import x`)[0]).toMatch(/^E01/)
  })
})

describe('mistakes without end', () => {
  const many = (line: (index: number) => string): string =>
    Array.from({ length: 10_000 }, (_, index) => line(index)).join('\n')

  test.each([
    ['missing files', 'E0204', many((i) => `import { a${i} } from "./m${i}"`) + network('')],
    ['refused files', 'E0206', many((i) => `import { a${i} } from "../../m"`) + network('')],
    ['imports twice', 'E0203', many(() => 'import { se } from "std/attention"') + network('')],
    [
      'names that a file lacks',
      'E0205',
      `import { ${many((i) => `a${i},`)} } from "std/attention"\n${network('')}`,
    ],
    ['blocks twice', 'E0203', many(() => 'block b() { return x }') + network('')],
    ['parameters twice', 'E0203', `block b(${many(() => 'p: int = 1,')}) { return x }\n${network('')}`],
  ])('%s are reported a hundred times at most', (_, code, text) => {
    const codes = codesOf(text)
    expect(new Set(codes)).toEqual(new Set([code]))
    expect(codes).toHaveLength(100)
  })
})

test('networks twice, which could not be built either, are reported a hundred times at most', () => {
  const codes = codesOf('network n() { stem = relu }\n'.repeat(300))
  expect(new Set(codes)).toEqual(new Set(['E0203']))
  expect(codes).toHaveLength(100)
})

test('a hundred unknown arguments among thousands of parameters', () => {
  const parameters = (letter: string, value: string) =>
    Array.from({ length: 5000 }, (_, i) => `${letter}${i}: ${value}`).join(', ')
  const text = `block b(${parameters('p', 'int = 1')}) { return x }\n${network(`stem = b(${parameters('q', '1')})`)}`
  const codes = codesOf(text)
  expect(codes).toHaveLength(100)
  expect(new Set(codes)).toEqual(new Set(['E0402']))
})

test.each([
  ['line feeds', '\n'],
  ['carriage returns', '\r'],
  ['separators', '\u2028'],
  ['spaces', ' '],
])('%s by the hundred thousand in a file with a mistake', (_, blank) => {
  const text = `network n() {\n  input 3 x 8 x 8\n  stem = relu -> b(]\n}\n${blank.repeat(400_000)}`
  expect(codesOf(text)).toContain('E0102')
})
