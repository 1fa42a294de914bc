import { describe, expect, test } from 'vitest'
import { createSourceFile } from '../../src/source/source-file.ts'
import { MAX_MISTAKES, MAX_SOURCE_LENGTH } from '../../src/parser/limits.ts'
import { parseExpression, parsePlacement } from '../../src/parser/parse.ts'
import { parseText } from './read.ts'

const codes = (text: string): string[] => parseText(text).diagnostics.map(({ code }) => code)
const bound = (expression: string): string => `block b() {\n  a = ${expression}\n}`

describe('depth', () => {
  test.each([
    ['brackets', bound('('.repeat(1e5) + 'x' + ')'.repeat(1e5))],
    ['unclosed brackets', bound('('.repeat(1e5))],
    ['lists', bound('['.repeat(1e5))],
    ['calls', bound('f('.repeat(1e5) + ')'.repeat(1e5))],
    ['ifs', bound('x') + '\nblock c() {' + 'if a {'.repeat(5e4) + '}'.repeat(5e4 + 1)],
    ['fors', 'block c() {' + 'for i in a {'.repeat(3e4)],
    ['else ifs', 'block c() { if a { } ' + 'else if a { } '.repeat(3e4) + '}'],
    ['else ifs in values', bound('if a { 1 } ' + 'else if a { 1 } '.repeat(3e4) + 'else { 2 }')],
  ])('%s beyond the limit are one mistake', (_, text) => {
    expect(codes(text)).toEqual(['E0118'])
  })

  test.each([
    ['sums', bound('a' + ' + a'.repeat(1e5))],
    ['pipelines', bound('a' + ' -> f'.repeat(1e5))],
    ['minuses', bound('- '.repeat(1e5) + 'a')],
    ['nots', bound('not '.repeat(1e5) + 'a')],
    ['nots between comparisons', bound('a' + ' == not a'.repeat(5e4))],
    ['members', bound('a' + '.b'.repeat(1e5))],
    ['calls of calls', bound('a' + '()'.repeat(1e5))],
    ['indices', bound('a' + '[0]'.repeat(1e5))],
    ['sums in brackets', bound('('.repeat(60) + 'a' + `${' + a'.repeat(9)})`.repeat(60))],
  ])('chained %s beyond the limit are one mistake', (_, text) => {
    expect(codes(text)).toEqual(['E0119'])
  })

  test('what people write stays far below the limits', () => {
    expect(codes(bound('('.repeat(60) + 'x' + ')'.repeat(60)))).toEqual([])
    expect(codes(bound('f(['.repeat(30) + 'x' + '])'.repeat(30)))).toEqual([])
    expect(codes(bound('a' + ' -> f'.repeat(450)))).toEqual([])
    expect(codes(bound('[' + '1, '.repeat(1e5) + ']'))).toEqual([])
    expect(codes('block c() {' + 'if a {'.repeat(60) + '}'.repeat(61))).toEqual([])
    expect(codes('block c() { if a { } ' + 'else if a { } '.repeat(60) + 'if a { } else if b { } }')).toEqual(
      [],
    )
    expect(codes('block c() {' + 'if a { } else if b { } else { }'.repeat(1000) + '}')).toEqual([])
  })
})

test('a placement of the command line is bounded too', () => {
  const text = `layer1: a${' -> f'.repeat(1000)} at residual`
  expect(parsePlacement(createSourceFile('--with', text)).diagnostics).toMatchObject([{ code: 'E0119' }])
})

describe('size', () => {
  test('a file beyond the limit is refused unread', () => {
    const { module, diagnostics } = parseText('a'.repeat(MAX_SOURCE_LENGTH + 1))
    expect(diagnostics.map(({ code }) => code)).toEqual(['E0120'])
    expect(module.declarations).toEqual([])
  })

  test.each([
    ['nothing', ''],
    ['blanks and comments', ' \n# nothing here\n'],
    ['documentation', '/// of nothing\n'],
    ['imports only', 'import { a } from "std/b"\n'],
    ['a byte order mark', '\uFEFF'],
  ])('a file of %s declares nothing', (_, text) => expect(codes(text)).toEqual(['E0121']))

  const fill = (text: string): string => text.repeat(Math.floor(MAX_SOURCE_LENGTH / 4 / text.length))
  test.each([
    ['statements', `block b() {\n${fill('  a = x -> f(1, k: [2, 3]) + g\n')}}`],
    ['blocks', fill('block b() { return x }\n')],
    ['documentation', `${fill('/// text\n')}block b() {}`],
    ['comments', `${fill('# text\n')}block b() {}`],
    ['one name', `block b() { ${fill('a')} = 1 }`],
    ['one number', bound(fill('1'))],
    ['one string', bound(`"${fill('a')}"`)],
    ['a string of escapes', bound(`"${fill('\\n')}"`)],
    ['blanks', `block b() {${fill(' ')}}`],
    ['unknown characters', fill('$')],
    ['unknown characters in between', fill('$ ')],
    ['quotes', fill('"')],
    ['names', fill('a ')],
    ['keywords', fill('if ')],
    ['opening brackets', fill('(')],
    ['closing brackets', fill(')')],
    ['closing braces', fill('} ')],
    ['mixed brackets', fill('([{}])]')],
    ['brackets closed by others', fill('[') + fill(')')],
    ['braces closed by others', fill('{') + fill(')')],
    ['wrong statements', `block b() {\n${fill('  a = (\n')}}`],
    ['bodies without braces', `block b() {\n${fill('  if a\n')}}`],
    ['wrong operators', bound(fill('a && '))],
    ['bad escapes', bound(`"${fill('\\t')}"`)],
    ['slashes', fill('//\n')],
    ['slashes with gaps', fill('//\n\n')],
    ['open comments', fill('/* ')],
    ['targets', `block b() {\n${fill('a, ')}}`],
    ['targets on lines', `block b() {\n${fill('a,\n')}}`],
    ['sizes', `network n() { input 3${fill('x3')} }`],
    ['sizes apart', `network n() { input 3 ${fill('x3 ')} }`],
    ['declarations', fill('block ')],
    ['imports', fill('import { a } from "b" ')],
  ])('a large file of %s is read in a moment', (_, text) => {
    expect(codes(text).length).toBeLessThanOrEqual(MAX_MISTAKES + 1)
  })
})

test('after many mistakes comes one that says so', () => {
  const found = codes(`block b() {\n${'  a = )\n'.repeat(1000)}}`)
  expect(found).toHaveLength(MAX_MISTAKES + 1)
  expect(found.at(-1)).toBe('E0122')
})

test.each(['\0', '\ud800', 'a\udc00', '\u2028', '\u{1F600}', '\r'])('odd characters: %j', (text) => {
  expect(() => codes(text)).not.toThrow()
  expect(codes(`block b() { ${text} }`).every((code) => code.startsWith('E01'))).toBe(true)
})

describe('an expression of the command line', () => {
  const found = (text: string): string[] =>
    parseExpression(createSourceFile('--set', text)).diagnostics.map(
      ({ code, message }) => `${code} ${message}`,
    )

  test.each([
    ['', 'E0101 expected an expression, found the end of the file'],
    ['1 2', 'E0101 expected the end, found `2`'],
    ['(1', 'E0102 `(` is never closed: expected `)`, found the end of the file'],
    ['1)', 'E0103 `)` closes nothing: no bracket of its kind is open here'],
    ['block', 'E0101 expected an expression, found `block`'],
  ])('%j', (text, message) => expect(found(text)).toEqual([message]))
})
