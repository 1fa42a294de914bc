import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { nearest } from '../../diagnostics/suggest.ts'
import type { Expression } from '../../parser/ast.ts'
import type { Span } from '../../source/span.ts'
import { spellings } from '../ops/index.ts'
import { builtinNames } from './builtins.ts'
import { binary, number, unary } from './arithmetic.ts'
import type { Context, Frame } from './context.ts'
import { evaluateCall, evaluateNamed } from './evaluate-call.ts'
import { evaluateComprehension, evaluateIndex, evaluateRange } from './evaluate-lists.ts'
import { evaluatePipe } from './evaluate-pipe.ts'
import { combineTensors } from './evaluate-tensors.ts'
import { helpers } from './helpers.ts'
import { bool, describe, int, poison, string, type Value } from './values.ts'

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>

/** The value of an expression; `poison` after a mistake, which is reported. */
export function evaluate(context: Context, frame: Frame, expression: Expression): Value {
  context.step(expression.span)
  context.enter(expression.span)
  const value = valueOf(context, frame, expression)
  context.leave()
  return value
}

function valueOf(context: Context, frame: Frame, expression: Expression): Value {
  switch (expression.kind) {
    case 'number':
      return orReport(context, frame, number(expression.value, expression.integer, expression.span))
    case 'string':
      return string(expression.value)
    case 'boolean':
      return bool(expression.value)
    case 'missing':
      return poison
    case 'name':
      return lookUp(context, frame, expression.text, expression.span)
    case 'list':
      return { kind: 'list', items: expression.items.map((item) => evaluate(context, frame, item)) }
    case 'comprehension':
      return evaluateComprehension(context, frame, expression)
    case 'range':
      return evaluateRange(context, frame, expression)
    case 'member':
      return evaluateMember(context, frame, expression)
    case 'index':
      return evaluateIndex(context, frame, expression)
    case 'choice':
      return evaluateChoice(context, frame, expression)
    case 'unary': {
      const operand = evaluate(context, frame, expression.operand)
      return operand.kind === 'poison'
        ? poison
        : orReport(context, frame, unary(expression.operator, operand, expression.span))
    }
    case 'binary':
      return evaluateBinary(context, frame, expression)
    case 'call':
      return evaluateCall(context, frame, expression)
    case 'as':
      return evaluateNamed(context, frame, expression)
    case 'pipe':
      return evaluatePipe(context, frame, expression)
    case 'slot':
      return context.reportIn(frame, 'E0506', expression.span, {
        statement: 'slot',
        place: 'the beginning of a pipeline',
      })
  }
}

/** A value, or poison where a computation came back with a diagnostic. */
function orReport(context: Context, frame: Frame, result: Value | Diagnostic): Value {
  if ('kind' in result) return result
  return result.span === undefined ? context.add(result) : context.add(result, frame)
}

/** What a name means: a local value, a block of the file or an import, an operator, a helper. */
export function lookUp(context: Context, frame: Frame, name: string, span: Span): Value {
  const local = frame.variables.get(name)
  if (local !== undefined) return local
  const declared = frame.scope.names.get(name)
  if (declared?.declaration.kind === 'block')
    return {
      kind: 'callable',
      target: { kind: 'block', declaration: declared.declaration, scope: declared.scope },
      given: [],
    }
  if (declared !== undefined) return context.reportIn(frame, 'E0515', span, { name })
  if (name === 'none') return { kind: 'callable', target: { kind: 'identity', name }, given: [] }
  if (spellings.has(name)) return { kind: 'callable', target: { kind: 'operator', name }, given: [] }
  if (helpers.has(name)) return { kind: 'helper', name }
  if (name === 'x' && frame.kind === 'network') return context.report('E0505', span, { network: frame.name })
  if (span.file === frame.scope.module.file) return context.reportIn(frame, 'E0202', span, { name })
  // Text from elsewhere, as `--set` takes it: nobody has checked its names before.
  return context.report('E0201', span, () => {
    const known = [...frame.variables.keys(), ...frame.scope.names.keys(), ...builtinNames]
    return { name, nearest: nearest(name, known) }
  })
}

function evaluateBinary(context: Context, frame: Frame, expression: Of<'binary'>): Value {
  const { operator, left, right, span } = expression
  const first = evaluate(context, frame, left)
  if (operator === 'and' || operator === 'or') return evaluateLogic(context, frame, expression, first)
  const second = evaluate(context, frame, right)
  if (first.kind === 'poison' || second.kind === 'poison') return poison
  if (first.kind === 'tensor' || second.kind === 'tensor')
    return combineTensors(context, frame, expression, first, second)
  if (first.kind === 'list' && second.kind === 'list')
    context.step(span, first.items.length + second.items.length)
  return orReport(context, frame, binary(operator, first, second, span))
}

/** `and`, `or`: the right side counts only where the left one does not decide. */
function evaluateLogic(
  context: Context,
  frame: Frame,
  { operator, left, right }: Of<'binary'>,
  first: Value,
): Value {
  const known = truth(context, frame, first, left.span, `the left side of \`${operator}\``)
  if (known === undefined) return poison
  if (known === (operator === 'or')) return bool(known)
  const second = truth(
    context,
    frame,
    evaluate(context, frame, right),
    right.span,
    `the right side of \`${operator}\``,
  )
  return second === undefined ? poison : bool(second)
}

/** A value as a bool; `undefined` after a mistake, which is reported. */
export function truth(
  context: Context,
  frame: Frame,
  value: Value,
  span: Span,
  what: string,
): boolean | undefined {
  if (value.kind === 'bool') return value.value
  if (value.kind !== 'poison')
    context.reportIn(frame, 'E0401', span, { what, wanted: 'a bool', found: describe(value) })
  return undefined
}

/** A value as an int; `undefined` after a mistake, which is reported. */
export function integer(
  context: Context,
  frame: Frame,
  expression: Expression,
  what: string,
): number | undefined {
  const value = evaluate(context, frame, expression)
  if (value.kind === 'int') return value.value
  if (value.kind !== 'poison')
    context.reportIn(frame, 'E0401', expression.span, { what, wanted: 'an int', found: describe(value) })
  return undefined
}

/** Whether a condition holds; `undefined` after a mistake, which is reported. */
export const decide = (context: Context, frame: Frame, condition: Expression): boolean | undefined =>
  truth(context, frame, evaluate(context, frame, condition), condition.span, 'the condition')

function evaluateChoice(
  context: Context,
  frame: Frame,
  { condition, then, else: otherwise }: Of<'choice'>,
): Value {
  const taken = decide(context, frame, condition)
  return taken === undefined ? poison : evaluate(context, frame, taken ? then : otherwise)
}

const members = ['channels', 'height', 'width']

function evaluateMember(context: Context, frame: Frame, { object, name }: Of<'member'>): Value {
  const value = evaluate(context, frame, object)
  if (value.kind === 'poison') return poison
  if (object.kind !== 'name' && object.kind !== 'index') context.unused.ask(frame, object.span, 'size', value)
  const size = value.kind === 'tensor' ? value.type.shape[members.indexOf(name.text)] : undefined
  if (size !== undefined) return int(size)
  return context.reportIn(frame, 'E0412', name.span, () => ({
    name: name.text,
    nearest: nearest(name.text, value.kind === 'tensor' ? members : []),
    of: describe(value),
  }))
}
