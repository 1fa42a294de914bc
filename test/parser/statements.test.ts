import { describe, expect, test } from 'vitest'
import type { Statement } from '../../src/parser/ast.ts'
import { shape, statementsOf } from './read.ts'

const kinds = (body: string): string[] => statementsOf(body).map(({ kind }) => kind)
const only = <K extends Statement['kind']>(body: string, kind: K): Extract<Statement, { kind: K }> => {
  const [statement] = statementsOf(body)
  if (statement?.kind !== kind) throw new Error(`a ${String(statement?.kind)}`)
  return statement as Extract<Statement, { kind: K }>
}

test('bindings of one and several names', () => {
  expect(only('a = 1', 'bind')).toMatchObject({ targets: [{ text: 'a' }], value: { value: 1 } })
  expect(only('a, b = x -> split(2)', 'bind').targets.map(({ text }) => text)).toEqual(['a', 'b'])
})

test('newlines have no meaning', () => {
  expect(kinds('a = b c = d return\na -> f')).toEqual(['bind', 'bind', 'return'])
})

describe('input', () => {
  test('three sizes', () => {
    expect(only('input 3 x size // 2 x 224', 'input').dimensions.map(shape)).toEqual([
      '3',
      '(size // 2)',
      '224',
    ])
  })
  test('a binding of `x` on the next line is not a size', () => {
    expect(kinds('input 3 x 224\nx = conv(3)')).toEqual(['input', 'bind'])
  })
})

test('metadata', () => {
  const { arguments: list } = only('metadata(mean: [0.5], resize: 256)', 'metadata')
  expect(list.map(({ name }) => name?.text)).toEqual(['mean', 'resize'])
})

test('words are names where they mean nothing', () => {
  expect(kinds('x = 1 input = 2 stage = 3 metadata = 4 stride, with = f as = 5 at = 6 slot = 7')).toEqual(
    Array.from({ length: 8 }, () => 'bind'),
  )
  expect(kinds('a = b -> slot\nb = c\nd = e\nas = 3\nf = slot g = 2')).toEqual(
    Array.from({ length: 6 }, () => 'bind'),
  )
})

describe('stages', () => {
  test('everything at once', () => {
    const { name, lines } = only(
      'stage layer2 = basic(2 * c) x depths[1] stride 2 with se(reduction: 4) at residual if i % 2 == 0 with eca at spatial',
      'stage',
    )
    const [line] = lines
    expect(name.text).toBe('layer2')
    expect([line?.block, line?.count, line?.stride].map((e) => e && shape(e))).toEqual([
      'basic((2 * c))',
      'depths[1]',
      '2',
    ])
    expect(line?.withs.map((w) => [shape(w.module), w.slot.text, w.condition && shape(w.condition)])).toEqual(
      [
        ['se(reduction: 4)', 'residual', '((i % 2) == 0)'],
        ['eca', 'spatial', undefined],
      ],
    )
  })
  test('several lines', () => {
    const { lines } = only('stage s { basic(c) x 3 stride 2\n other(d) with se at r\n third }', 'stage')
    expect(lines.map(({ block }) => shape(block))).toEqual(['basic(c)', 'other(d)', 'third'])
  })
  test('`if` after a slot belongs to it on the same line only', () => {
    expect(kinds('stage a = b with se at r\nif c { d = 1 }')).toEqual(['stage', 'if'])
    expect(kinds('stage a = b with se at r if c')).toEqual(['stage'])
  })
  test('words of a stage are names on the next line', () => {
    expect(kinds('stage a = b x 3\nx = c\nstage d = e\nstride = 2\nstage f = g\nwith = 1')).toEqual([
      ...['stage', 'bind', 'stage', 'bind', 'stage', 'bind'],
    ])
  })
})

test('if, else if, else', () => {
  const statement = only('if a { b = 1 } else if c { b = 2 } else { b = 3 }', 'if')
  expect(statement).toMatchObject({
    then: [{ kind: 'bind' }],
    else: [{ kind: 'if', else: [{ kind: 'bind' }] }],
  })
})

test('for over a range and a list', () => {
  expect(shape(only('for i in 0..n { }', 'for').over)).toBe('(0 .. n)')
  expect(only('for k in [3, 5] { a = k }', 'for')).toMatchObject({ variable: { text: 'k' }, body: [{}] })
})

test('assert and return', () => {
  expect(only('assert a > 0, "must be positive"', 'assert')).toMatchObject({
    message: { value: 'must be positive' },
  })
  expect(only('assert a', 'assert').message).toBeUndefined()
  expect(only('return a, b -> f', 'return').values.map(shape)).toEqual(['a', '(b -> f)'])
})

test('comments', () => {
  expect(kinds('# first\na = 1 # second\n# return b')).toEqual(['bind'])
})
