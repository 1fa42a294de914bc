import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAxes } from '../../src/sweep/axis.ts'
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts'

const texts = (text: string): readonly string[] =>
  parseAxes([text]).flatMap(({ values }) => values.map((value) => value.text))

describe('ranges', () => {
  it.each([
    ['w=0.5..2:0.5', '0.5 1 1.5 2'],
    ['w=0.1..0.5:0.1', '0.1 0.2 0.3 0.4 0.5'],
    ['w=0.5..2:0.4', '0.5 0.9 1.3 1.7'],
    ['w=1..4', '1 2 3 4'],
    ['w=8..32:8', '8 16 24 32'],
    ['w=-1..1:0.5', '-1 -0.5 0 0.5 1'],
    ['w=3..3', '3'],
    [' w = 1 .. 3 ', '1 2 3'],
    ['w=0.25,1..2,8', '0.25 1 2 8'],
    ['w=1,1,1..2', '1 2'],
  ])('%s', (text, values) => {
    expect(texts(text).join(' ')).toBe(values)
  })

  it('hit their end exactly, however often 0.1 is added', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 99 }), (steps, step) => {
        const end = (steps * step) / 100
        expect(texts(`w=0..${end.toFixed(2)}:${(step / 100).toFixed(2)}`).at(-1)).toBe(String(end))
      }),
    )
  })

  it('are expressions that the language could have written', () => {
    const [axis] = parseAxes(['w=-0.5..1:0.5'])
    expect(axis!.values.map(({ expression }) => expression)).toMatchObject([
      { kind: 'unary', operator: '-', operand: { kind: 'number', value: 0.5, integer: false } },
      { kind: 'number', value: 0, integer: true },
      { kind: 'number', value: 0.5, integer: false },
      { kind: 'number', value: 1, integer: true },
    ])
  })
})

describe('lists', () => {
  it.each([
    ['depths=[3, 4, 6, 3],[2,2,2,2]', ['[3, 4, 6, 3]', '[2,2,2,2]']],
    ['unit=basic,bottleneck(expansion: 2, groups: 32)', ['basic', 'bottleneck(expansion: 2, groups: 32)']],
    ['mode="a,b","c\\",d"', ['"a,b"', '"c\\",d"']],
    ['se.reduction=4,8', ['4', '8']],
    ['layer3.se.reduction=4', ['4']],
  ])('%s', (text, values) => {
    expect(texts(text)).toEqual(values)
  })
})

describe('sizes and batches', () => {
  it('are numbers, a square by its side', () => {
    const [size, batch] = parseAxes(['input_size=160,3x192x256', 'batch=1..64:21'])
    expect(size).toMatchObject({
      kind: 'input_size',
      values: [{ numbers: [160, 160] }, { numbers: [3, 192, 256] }],
    })
    expect(batch!.values.map(({ numbers }) => numbers)).toEqual([[1], [22], [43], [64]])
  })
})

describe('mistakes', () => {
  const mistake = (...given: readonly string[]) => {
    try {
      parseAxes(given)
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error
      const [first] = error.diagnostics
      const { span } = first!
      return [first!.code, span?.file.text.slice(span.start, span.end).trim()]
    }
    return []
  }

  it.each([
    [['width'], 'E1401', 'width'],
    [['=1'], 'E1401', '=1'],
    [['a.b.c.d=1'], 'E1401', 'a.b.c.d=1'],
    [['w='], 'E1401', ''],
    [['w=1,,2'], 'E1401', ''],
    [['w=2..1'], 'E1402', '2..1'],
    [['w=1..2:0'], 'E1402', '1..2:0'],
    [['w=1..2:-1'], 'E1402', '1..2:-1'],
    [['w=0.5..2'], 'E1402', '0.5..2'],
    [['w=1..2..3'], 'E1402', '1..2..3'],
    [['w=1..2:1e-3'], 'E1402', '1..2:1e-3'],
    [['w=0..9999999'], 'E1403', '0..9999999'],
    [['w=1', 'v=2', 'w=3'], 'E1404', 'w'],
    [['batch=0'], 'E1405', '0'],
    [['batch=1.5'], 'E1405', '1.5'],
    [['input_size=224x224'], 'E1405', '224x224'],
    [['input_size=0'], 'E1405', '0'],
    [['input_size=3x70000x1'], 'E1405', '3x70000x1'],
  ])('%j is %s', (given, code, at) => {
    expect(mistake(...given)).toEqual([code, at])
  })

  it('of expressions are those of the language', () => {
    expect(mistake('w=[1')[0]).toMatch(/^E01/)
    expect(mistake('w=1 2')[0]).toMatch(/^E01/)
  })

  it('end, however they are piled up', { timeout: 60_000 }, () => {
    expect(mistake(`w=${Array(5000).fill('0..999999').join(',')}`)[0]).toBe('E1403')
    expect(mistake(`w=${'['.repeat(90_000)}`)[0]).toMatch(/^E01/)
    expect(mistake(`w=${'1'.repeat(200_000)}`)[0]).toBe('E1401')
    expect(mistake(...Array.from({ length: 100 }, (_, i) => `w${i}=1`))[0]).toBe('E1401')
  })
})
