import type { Argument, Expression } from '../../parser/ast.ts'
import type { Span } from '../../source/span.ts'
import { apply, hasLeadingTensor } from './apply.ts'
import { number } from './arithmetic.ts'
import { builtinNames } from './builtins.ts'
import type { Context, Frame } from './context.ts'
import { evaluate } from './evaluate.ts'
import { combineTensors } from './evaluate-tensors.ts'
import { helpers } from './helpers.ts'
import {
  describe,
  isNumber,
  isPoisoned,
  nameOfTarget,
  poison,
  type GivenArgument,
  type Value,
} from './values.ts'

type Call = Extract<Expression, { kind: 'call' }>
type As = Extract<Expression, { kind: 'as' }>

/** `f(args)`: a result where tensors are among the arguments, else an operator or block that waits for its input. */
export function evaluateCall(context: Context, frame: Frame, call: Call): Value {
  return applied(context, frame, prepareCall(context, frame, call), call.span)
}

/** A callable that already has its inputs is applied; anything else stays as it is. */
function applied(context: Context, frame: Frame, value: Value, span: Span): Value {
  return value.kind === 'callable' && hasLeadingTensor(value)
    ? apply(context, frame, value, undefined, span)
    : value
}

/** A step of a pipeline as a callable with the arguments that it names, not applied yet. */
export function evaluateStep(context: Context, frame: Frame, step: Expression): Value {
  if (step.kind !== 'call' && (step.kind !== 'as' || step.value.kind === 'binary'))
    return evaluate(context, frame, step)
  context.enter(step.span)
  const value = step.kind === 'call' ? prepareCall(context, frame, step) : labelled(context, frame, step)
  context.leave()
  return value
}

/** `E as NAME` */
export function evaluateNamed(context: Context, frame: Frame, expression: As): Value {
  const { value: inner, name } = expression
  if (inner.kind !== 'binary')
    return applied(context, frame, labelled(context, frame, expression), expression.span)
  const left = evaluate(context, frame, inner.left)
  const right = evaluate(context, frame, inner.right)
  if (left.kind === 'poison' || right.kind === 'poison') return poison
  const path = frame.naming.exactly(name.text)
  if (path === undefined) return context.report('E0511', name.span, { name: name.text })
  return combineTensors(context, frame, inner, left, right, path)
}

function labelled(context: Context, frame: Frame, { value: inner, name, span }: As): Value {
  const value = evaluateStep(context, frame, inner)
  if (value.kind === 'callable') return { ...value, label: name }
  if (value.kind === 'poison') return poison
  return context.reportIn(frame, 'E0401', span, {
    what: 'what `as` names',
    wanted: 'an operator or a call of a block',
    found: describe(value),
  })
}

function prepareCall(context: Context, frame: Frame, { callee, arguments: given, span }: Call): Value {
  const target = evaluate(context, frame, callee)
  const values = argumentsOf(context, frame, given)
  if (target.kind === 'poison') return poison
  if (target.kind === 'helper') return callHelper(context, frame, target.name, values, span)
  if (target.kind !== 'callable') return cannotBeCalled(context, frame, target, callee)
  if (values.some(({ value }) => isPoisoned(value))) return poison
  if (isMisordered(context, frame, nameOfTarget(target.target), values)) return poison
  context.step(span, target.given.length)
  const all = target.given.length === 0 ? values : [...target.given, ...values]
  return target.label === undefined
    ? { kind: 'callable', target: target.target, given: all }
    : { ...target, given: all }
}

/** Reports a positional argument that stands after a named one. */
function isMisordered(
  context: Context,
  frame: Frame,
  callee: string,
  given: readonly GivenArgument[],
): boolean {
  const misplaced = given.find(
    ({ name }, index) => name === undefined && given[index - 1]?.name !== undefined,
  )
  if (misplaced !== undefined) context.reportIn(frame, 'E0418', misplaced.span, { callee })
  return misplaced !== undefined
}

/** The arguments of a variant; `undefined` after a mistake in them or in their order, which is reported. */
export function evaluateArguments(
  context: Context,
  frame: Frame,
  callee: string,
  given: readonly Argument[],
): readonly GivenArgument[] | undefined {
  const values = argumentsOf(context, frame, given)
  return isMisordered(context, frame, callee, values) ? undefined : values
}

/** A loop, because a closure for each of them would take twice the stack. */
function argumentsOf(context: Context, frame: Frame, given: readonly Argument[]): GivenArgument[] {
  const values: GivenArgument[] = []
  for (const argument of given) values.push(evaluateArgument(context, frame, argument))
  return values
}

export function evaluateArgument(
  context: Context,
  frame: Frame,
  { name, value, span }: Argument,
): GivenArgument {
  context.enter(span)
  const result = evaluate(context, frame, value)
  context.leave()
  if (result.kind === 'list') context.step(span, result.items.length)
  return name === undefined ? { value: result, span } : { name, value: result, span: value.span }
}

/** Reports a value in a place where an operator or a block belongs. */
export function cannotBeCalled(
  context: Context,
  frame: Frame,
  value: Value,
  { span, ...callee }: Expression,
): Value {
  const name = callee.kind === 'name' ? callee.text : undefined
  const hides =
    name !== undefined && (builtinNames.has(name) || frame.scope.names.has(name)) ? name : undefined
  return context.reportIn(frame, 'E0411', span, { found: describe(value), hides })
}

function callHelper(
  context: Context,
  frame: Frame,
  callee: string,
  given: readonly GivenArgument[],
  span: Span,
): Value {
  const values = given.map(({ value }) => value)
  if (values.some(isPoisoned)) return poison
  const named = given.find(({ name }) => name !== undefined)
  const result = named === undefined ? helpers.get(callee)?.call(values) : 'takes no named arguments'
  if (result === undefined || typeof result === 'string')
    return context.reportIn(frame, 'E0416', span, { callee, problem: result ?? 'is not a function' })
  if (!isNumber(result)) return result
  const sound = number(result.value, result.kind === 'int', span)
  return 'kind' in sound ? sound : context.add(sound)
}
