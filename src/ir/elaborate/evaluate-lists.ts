import type { Expression } from '../../parser/ast.ts'
import type { Span } from '../../source/span.ts'
import { MAX_LIST } from './arithmetic.ts'
import type { Context, Frame } from './context.ts'
import { decide, evaluate, integer } from './evaluate.ts'
import { inTurn } from './turns.ts'
import { describe, int, poison, type Value } from './values.ts'

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>

/** `START..END` as a list of ints. */
export function evaluateRange(context: Context, frame: Frame, { start, end, span }: Of<'range'>): Value {
  const from = integer(context, frame, start, 'the start of a range')
  const to = integer(context, frame, end, 'the end of a range')
  if (from === undefined || to === undefined) return poison
  const count = Math.max(0, to - from)
  context.step(span, Math.min(count, MAX_LIST))
  if (count > MAX_LIST) return context.reportIn(frame, 'E0507', span, { count, limit: MAX_LIST })
  return { kind: 'list', items: Array.from({ length: count }, (_, offset) => int(from + offset)) }
}

/** `[for NAME in OVER if CONDITION: ELEMENT]` */
export function evaluateComprehension(
  context: Context,
  frame: Frame,
  { variable, over, condition, element }: Of<'comprehension'>,
): Value {
  const items = iterate(context, frame, over)
  if (items === undefined) return poison
  const shadowed = frame.variables.get(variable.text)
  const results: Value[] = []
  let isKnown = true
  for (const item of items) {
    frame.variables.set(variable.text, item)
    context.name(frame, variable, 'variable', item)
    const turn = inTurn(frame, variable.text, item)
    const isKept = condition === undefined || decide(context, turn, condition)
    if (isKept === true) results.push(evaluate(context, turn, element))
    isKnown &&= isKept !== undefined
  }
  if (shadowed === undefined) frame.variables.delete(variable.text)
  else frame.variables.set(variable.text, shadowed)
  return isKnown ? { kind: 'list', items: results } : poison
}

/** The items that a loop runs over; `undefined` after a mistake, which is reported. */
export function iterate(context: Context, frame: Frame, over: Expression): readonly Value[] | undefined {
  const list = evaluate(context, frame, over)
  if (list.kind === 'list') return list.items
  if (list.kind !== 'poison') {
    const facts = { what: 'what a loop runs over', wanted: 'a range or a list', found: describe(list) }
    context.reportIn(frame, 'E0401', over.span, facts)
  }
  return undefined
}

/** `LIST[INDEX]`, or a part of a list where the index is a list. */
export function evaluateIndex(context: Context, frame: Frame, { object, index, span }: Of<'index'>): Value {
  const list = evaluate(context, frame, object)
  const at = evaluate(context, frame, index)
  if (list.kind === 'poison' || at.kind === 'poison') return poison
  if (list.kind !== 'list')
    return context.reportIn(frame, 'E0401', object.span, {
      what: 'what is indexed',
      wanted: 'a list',
      found: describe(list),
    })
  // What has a name answers for its use by it.
  if (index.kind === 'number' && object.kind !== 'name')
    context.unused.ask(frame, object.span, index.value, list)
  if (at.kind === 'list') {
    context.step(span, at.items.length)
    return { kind: 'list', items: at.items.map((item) => pick(context, frame, list.items, item, span)) }
  }
  return pick(context, frame, list.items, at, index.span)
}

function pick(context: Context, frame: Frame, items: readonly Value[], index: Value, span: Span): Value {
  if (index.kind !== 'int')
    return context.reportIn(frame, 'E0401', span, {
      what: 'an index',
      wanted: 'an int',
      found: describe(index),
    })
  const item = items[index.value]
  return item ?? context.reportIn(frame, 'E0408', span, { index: index.value, length: items.length })
}
