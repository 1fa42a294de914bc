import type { Expression } from '../parser/ast.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { parseExpression } from '../parser/parse.ts'
import { createSourceFile, type SourceFile } from '../source/source-file.ts'
import type { Span } from '../source/span.ts'

/** One dimension of a design space. */
export interface Axis {
  readonly kind: AxisKind
  /** As the user wrote it: `width`, `se.reduction`, `layer3.se.reduction`, `input_size`, `batch`. */
  readonly name: string
  /** In the order of the sweep; each as the command line would take it. */
  readonly values: readonly AxisValue[]
}

/** What an axis changes: a setting of the network or of a block, the size of its input, or the batch of a step. */
type AxisKind = 'setting' | 'input_size' | 'batch'

export interface AxisValue {
  /** `0.5`, `[3, 4, 6, 3]`, `3x192x256`. */
  readonly text: string
  /** Of a setting. */
  readonly expression?: Expression
  /** Of `input_size` ([C, H, W], or [H, W] with the network's own channels) and of `batch` (one number). */
  readonly numbers?: readonly number[]
}

/** Numbers from `from` to `to`, both included, by `step`; all are whole multiples of `unit`. */
interface NumberRange {
  readonly from: number
  readonly to: number
  readonly step: number
  /** Decimals that the text has: 0.05 has 2. */
  readonly decimals: number
}

const NUMBER = String.raw`-?\d{1,15}(?:\.\d{1,9})?`
const RANGE = new RegExp(String.raw`^\s*(${NUMBER})\s*\.\.\s*(${NUMBER})\s*(?::\s*(${NUMBER})\s*)?$`)

/** Whether a text means to be a range, well written or not. */
const looksLikeRange = (text: string): boolean => /^\s*[-+]?[\d.]*\d\s*\.\.[^.]/.test(text)

/**
 * `0.5..2:0.1`, `1..4`. Numbers are kept as whole multiples of their last decimal, so that steps do not drift: 0.1 added up
 * ten times is 1. A text says what is wrong.
 */
function parseRange(text: string): NumberRange | string {
  const [, from, to, given] = RANGE.exec(text) ?? []
  if (from === undefined || to === undefined) return 'a range is written START..END:STEP in plain decimals'
  const decimals = Math.max(...[from, to, given ?? ''].map(decimalsOf))
  if (given === undefined && decimals > 0) return 'a range of fractions needs its step: 0.5..2:0.1'
  const [start = 0, end = 0, step = 0] = [from, to, given ?? '1'].map((number) => scaled(number, decimals))
  if (step <= 0) return 'the step must be above 0'
  if (end < start) return 'the end is below the start'
  if (![start, end].every(Number.isSafeInteger)) return 'a number has too many digits'
  return { from: start, to: end, step, decimals }
}

const lengthOf = ({ from, to, step }: NumberRange): number => Math.floor((to - from) / step) + 1

/** The numbers as text, without zeros at their end: `0.5`, `1`, `1.5`. */
const textsOf = (range: NumberRange): readonly string[] =>
  Array.from({ length: lengthOf(range) }, (_, i) =>
    String((range.from + i * range.step) / 10 ** range.decimals),
  )

const decimalsOf = (text: string): number => text.split('.')[1]?.length ?? 0

/** A decimal as a whole number of its last places. */
const scaled = (text: string, decimals: number): number => Math.round(Number(text) * 10 ** decimals)

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
