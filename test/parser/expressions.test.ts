import { describe, expect, test } from 'vitest'
import { expressionOf, shape } from './read.ts'

const reads = (text: string): string => shape(expressionOf(text))

describe('precedence, loosest first', () => {
  test.each([
    ['main + skip -> relu', '((main + skip) -> relu)'],
    ['a -> f(1) -> g', '((a -> f(1)) -> g)'],
    ['a or b and c', '(a or (b and c))'],
    ['not a and b', '((not a) and b)'],
    ['not a == b', '(not (a == b))'],
    ['a + 1 < b * 2', '((a + 1) < (b * 2))'],
    ['0 .. n - 1', '(0 .. (n - 1))'],
    ['0..4', '(0 .. 4)'],
    ['a - b - c', '((a - b) - c)'],
    ['a + b * c // d % e', '(a + (((b * c) // d) % e))'],
    ['-a * b', '((- a) * b)'],
    ['a * -b', '(a * (- b))'],
    ['- - a', '(- (- a))'],
    ['not not a', '(not (not a))'],
    ['-a.b', '(- a.b)'],
    ['-a[0](1).c', '(- a[0](1).c)'],
    ['(a + b) * c', '((a + b) * c)'],
    ['a == not b or c', '((a == (not b)) or c)'],
    ['a != b', '(a != b)'],
    ['a >= b and a <= c', '((a >= b) and (a <= c))'],
  ])('%s', (text, expected) => expect(reads(text)).toBe(expected))
})

describe('pipelines', () => {
  test.each([
    ['x -> conv(c, 3) as conv1 -> relu', '((x -> (conv(c, 3) as conv1)) -> relu)'],
    ['conv(c, 3) as conv1', '(conv(c, 3) as conv1)'],
    ['a + b as sum -> relu', '(((a + b) as sum) -> relu)'],
    ['x -> slot residual', '(x -> slot residual)'],
    ['x -> slot residual as r -> relu', '((x -> (slot residual as r)) -> relu)'],
    ['x -> slot', '(x -> slot)'],
    ['concat(a -> f, b as c)', 'concat((a -> f), (b as c))'],
    ['x\n  -> f # why\n  -> g', '((x -> f) -> g)'],
  ])('%s', (text, expected) => expect(reads(text)).toBe(expected))
})

describe('values', () => {
  test.each([
    ['1_000', 1000, true],
    ['1e-3', 0.001, false],
    ['1E3', 1000, false],
    ['0.5', 0.5, false],
    ['1_0.2_5e+2', 1025, false],
    ['007', 7, true],
    ['9007199254740991', 9007199254740991, true],
  ])('number %s', (text, value, integer) => {
    expect(expressionOf(text)).toMatchObject({ kind: 'number', value, integer })
  })

  test.each([
    [String.raw`"a"`, 'a'],
    [String.raw`""`, ''],
    [String.raw`"say \"hi\""`, 'say "hi"'],
    [String.raw`"a\\n"`, 'a\\n'],
    [String.raw`"a\nb"`, 'a\nb'],
    ['"# no comment"', '# no comment'],
    ['"größe \u{1F600}"', 'größe \u{1F600}'],
  ])('string %s', (text, value) => expect(expressionOf(text)).toMatchObject({ kind: 'string', value }))

  test.each([
    ['true', 'true'],
    ['false', 'false'],
    ['[]', '[]'],
    ['[1, 2,]', '[1, 2]'],
    ['[for e in 0..3: e * 2]', '[for e in (0 .. 3): (e * 2)]'],
    ['[for e in l if e > 1 and c: f(e)]', '[for e in l if ((e > 1) and c): f(e)]'],
    ['[3, 5, 3][i]', '[3, 5, 3][i]'],
    ['f()', 'f()'],
    ['f(a, reduction: 4,)', 'f(a, reduction: 4)'],
    ['f(x: 1, as: 2, if_: 3)', 'f(x: 1, as: 2, if_: 3)'],
    ['if a { 1 } else { 2 }', 'if a {1} else {2}'],
    ['if a { 1 } else if b { 2 } else { 3 }', 'if a {1} else {if b {2} else {3}}'],
    ['t.channels // 2', '(t.channels // 2)'],
    [
      'input + stage + stride + with + at + slot + as + x + stem + head + metadata + from',
      '(((((((((((input + stage) + stride) + with) + at) + slot) + as) + x) + stem) + head) + metadata) + from)',
    ],
  ])('%s', (text, expected) => expect(reads(text)).toBe(expected))
})

test('a bracketed operand has the span of its brackets', () => {
  const e = expressionOf(' (a + b) * c')
  expect(e).toMatchObject({ span: { start: 1, end: 12 }, left: { span: { start: 1, end: 8 } } })
})
