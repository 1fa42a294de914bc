import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Expression } from '../../parser/ast.ts'
import { parseExpression } from '../../parser/parse.ts'
import { createSourceFile, type SourceFile } from '../../source/source-file.ts'
import type { Span } from '../../source/span.ts'
import type { Axis, AxisKind, AxisValue } from './axis.ts'
import { lengthOf, looksLikeRange, parseRange, textsOf } from './range.ts'

/** A space may have at most as many points, and so an axis as many values. */
export const MAX_POINTS = 1_000_000
/** Beyond it nobody typed it. */
const MAX_TEXT = 100_000
const MAX_AXES = 64

const NAME = /^\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,2})\s*=/

/**
 * The dimensions that `--over` gives, `width=0.5..2:0.1` or `depths=[3, 4, 6, 3],[2, 2, 2, 2]` each.
 * @throws DiagnosticError E1401, E1402, E1404, E1405, and those of expressions that cannot be read
 */
export function parseAxes(texts: readonly string[]): readonly Axis[] {
  const axes: Axis[] = []
  for (const text of texts.slice(0, MAX_AXES + 1)) {
    const file = createSourceFile('--over', text)
    const axis = parseAxis(file)
    const span = { file, start: 0, end: axis.name.length }
    if (axes.some(({ name }) => name === axis.name)) fail(diagnose('E1404', span, { name: axis.name }))
    if (axes.length === MAX_AXES)
      fail(diagnose('E1401', span, { reason: `more than ${MAX_AXES} are too many` }))
    axes.push(axis)
  }
  return axes
}

function parseAxis(file: SourceFile): Axis {
  const whole = { file, start: 0, end: file.text.length }
  const [prefix, name] = NAME.exec(file.text) ?? []
  if (file.text.length > MAX_TEXT)
    fail(diagnose('E1401', { ...whole, end: 0 }, { reason: 'this is too long' }))
  if (prefix === undefined || name === undefined)
    fail(diagnose('E1401', whole, { reason: 'a name and its values are wanted' }))
  const kind = kindOf(name)
  const values: AxisValue[] = []
  for (const item of itemsOf(file, prefix.length)) {
    for (const value of valuesOf(item, name, kind)) values.push(value)
    if (values.length > MAX_POINTS)
      fail(diagnose('E1403', whole, { points: values.length, limit: MAX_POINTS }))
  }
  return { kind, name, values: distinct(values) }
}

const kindOf = (name: string): AxisKind => (name === 'input_size' || name === 'batch' ? name : 'setting')

/** Twice the same point says nothing new. */
const distinct = (values: readonly AxisValue[]): readonly AxisValue[] => [
  ...new Map(values.map((value) => [value.text, value])).values(),
]

/** What stands between commas, but for those within brackets and strings. */
function itemsOf(file: SourceFile, from: number): readonly Span[] {
  const items: Span[] = []
  let depth = 0
  let start = from
  for (let at = from; at < file.text.length; at++) {
    const character = file.text.charAt(at)
    if (character === '"') at = endOfString(file.text, at)
    else if ('([{'.includes(character)) depth++
    else if (')]}'.includes(character)) depth--
    else if (character === ',' && depth === 0) {
      items.push({ file, start, end: at })
      start = at + 1
    }
  }
  return [...items, { file, start, end: file.text.length }]
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text.charAt(at) === '\\') at++
    else if (text.charAt(at) === '"') return at
  }
  return text.length
}

function valuesOf(span: Span, name: string, kind: AxisKind): readonly AxisValue[] {
  const text = textOf(span)
  if (text === '') fail(diagnose('E1401', span, { reason: 'a value is missing here' }))
  if (kind !== 'setting') return sizesOf(span, kind)
  if (!looksLikeRange(text)) return [expressionValue(name, text)]
  const file = createSourceFile(`--over ${name}`, text)
  return rangeTexts(span).map((each) => numberValue(file, each))
}

const textOf = ({ file, start, end }: Span): string => file.text.slice(start, end).trim()

/** @throws DiagnosticError E1402, E1403 */
function rangeTexts(span: Span): readonly string[] {
  const range = parseRange(textOf(span))
  if (typeof range === 'string') fail(diagnose('E1402', span, { text: textOf(span), reason: range }))
  const points = lengthOf(range)
  if (points > MAX_POINTS) fail(diagnose('E1403', span, { points, limit: MAX_POINTS }))
  return textsOf(range)
}

/** As the parser reads it, of which a range may have a million. */
function numberValue(file: SourceFile, text: string): AxisValue {
  const span = { file, start: 0, end: file.text.length }
  const value = Number(text)
  const number: Expression = {
    kind: 'number',
    value: Math.abs(value),
    integer: Number.isInteger(value),
    span,
  }
  return { text, expression: value < 0 ? { kind: 'unary', operator: '-', operand: number, span } : number }
}

function expressionValue(name: string, text: string): AxisValue {
  const { expression, diagnostics } = parseExpression(createSourceFile(`--over ${name}`, text))
  if (diagnostics.length > 0) throw new DiagnosticError(diagnostics)
  return { text, expression }
}

const wanted = {
  batch: 'a whole number from 1 to 1048576',
  input_size: 'a size such as 224 or 3x192x256',
} as const
const MOST = { batch: 2 ** 20, input_size: 65536 } as const

/** `128..320:32` of either, `3x192x256` of input sizes. */
function sizesOf(span: Span, kind: 'batch' | 'input_size'): readonly AxisValue[] {
  const text = textOf(span)
  const texts = looksLikeRange(text) ? rangeTexts(span) : [text]
  return texts.map((each) => {
    const numbers = (kind === 'batch' ? /^\d{1,7}$/ : /^\d{1,7}(x\d{1,7}x\d{1,7})?$/).test(each)
      ? each.split('x').map(Number)
      : []
    if (numbers.length === 0 || numbers.some((number) => number < 1 || number > MOST[kind]))
      fail(diagnose('E1405', span, { axis: kind, text: each, wanted: wanted[kind] }))
    const [size = 1] = numbers
    return { text: each, numbers: kind === 'input_size' && numbers.length === 1 ? [size, size] : numbers }
  })
}

function fail(diagnostic: Diagnostic): never {
  throw new DiagnosticError([diagnostic])
}
