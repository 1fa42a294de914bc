import { describe, expect, test } from 'vitest'
import { declarationsOf, parseText, shape } from './read.ts'

test('imports', () => {
  const { module } = parseText('import { a, from, } from "std/x"\nimport { c } from "./c.arch"\nblock b() {}')
  expect(module.imports.map(({ names, from }) => [names.map(({ text }) => text), from])).toEqual([
    [['a', 'from'], 'std/x'],
    [['c'], './c.arch'],
  ])
  const [first] = module.imports
  expect(first?.fromSpan).toMatchObject({ start: 25, end: 32 })
})

test('parameters: types, lists, defaults', () => {
  const [block] = declarationsOf(
    'block b(c: int, k: int[] = [3, 5], m: block = basic, a: activation, l: int[][],) {}',
  )
  if (block?.kind !== 'block') throw new Error()
  const read = block.parameters.map(({ name, type, default: value }) => [
    name.text,
    type.name.text,
    type.rank,
    value && shape(value),
  ])
  expect(read).toEqual([
    ['c', 'int', 0, undefined],
    ['k', 'int', 1, '[3, 5]'],
    ['m', 'block', 0, 'basic'],
    ['a', 'activation', 0, undefined],
    ['l', 'int', 2, undefined],
  ])
})

test('networks and variants', () => {
  const found = declarationsOf('network a(w: float = 1.0) { head = f }\nnetwork b = a(w: 1.3)')
  expect(found).toMatchObject([
    { kind: 'network', name: { text: 'a' }, parameters: [{}], body: [{ kind: 'bind' }] },
    { kind: 'variant', name: { text: 'b' }, base: { text: 'a' }, arguments: [{ name: { text: 'w' } }] },
  ])
})

describe('documentation', () => {
  const docOf = (text: string): (string | undefined)[] => declarationsOf(text).map(({ doc }) => doc)

  test('the lines directly above', () => {
    expect(docOf('/// One.\n///   two\n///\n/// three \nblock a() {}')).toEqual(['One.\n  two\n\nthree'])
  })
  test('with comments between', () => {
    expect(docOf('/// one\n# why\n  # so\n/// two\n# c\nblock b() {}')).toEqual(['one\ntwo'])
  })
  test('not across an empty line or an import', () => {
    expect(docOf('/// no\n\nblock a() {}')).toEqual([undefined])
    expect(docOf('/// no\nimport { a } from "b"\nblock a() {}')).toEqual([undefined])
  })
  test('not from the end of another line, nor inside a body', () => {
    expect(docOf('block a() {\n/// inner\n} /// end\nblock b() {}')).toEqual([undefined, undefined])
  })
  test('with Windows line ends', () => {
    expect(docOf('/// one\r\n/// two\r\nnetwork a = b()\r\n')).toEqual(['one\ntwo'])
  })
})

test('a byte order mark is no mistake', () => {
  expect(declarationsOf('\uFEFFblock a() {}')).toHaveLength(1)
})
