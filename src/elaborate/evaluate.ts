import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { nearest } from '../diagnostics/suggest.ts'
import type { Expression, Argument } from '../parser/ast.ts'
import type { Span } from '../source/span.ts'
import { spellings } from '../ir/ops/index.ts'
import { builtinNames, helpers } from './helpers.ts'
import { binary, number, unary, MAX_LIST } from './arithmetic.ts'
import { type Context, type Frame, inTurn, noSlots } from './context.ts'
import {
  bool,
  describe,
  int,
  poison,
  string,
  type Value,
  isFlow,
  isNumber,
  isPoisoned,
  nameOfTarget,
  type GivenArgument,
} from './values.ts'
import { applyOperator, apply, type Flow, hasLeadingTensor } from './apply.ts'

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
const decide = (context: Context, frame: Frame, condition: Expression): boolean | undefined =>
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

/** `START..END` as a list of ints. */
function evaluateRange(context: Context, frame: Frame, { start, end, span }: Of<'range'>): Value {
  const from = integer(context, frame, start, 'the start of a range')
  const to = integer(context, frame, end, 'the end of a range')
  if (from === undefined || to === undefined) return poison
  const count = Math.max(0, to - from)
  context.step(span, Math.min(count, MAX_LIST))
  if (count > MAX_LIST) return context.reportIn(frame, 'E0507', span, { count, limit: MAX_LIST })
  return { kind: 'list', items: Array.from({ length: count }, (_, offset) => int(from + offset)) }
}

/** `[for NAME in OVER if CONDITION: ELEMENT]` */
function evaluateComprehension(
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
function evaluateIndex(context: Context, frame: Frame, { object, index, span }: Of<'index'>): Value {
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

type Binary = Extract<Expression, { kind: 'binary' }>

/** `a + b` and `a * b` of tensors are the operators `add` and `mul`. */
function combineTensors(
  context: Context,
  frame: Frame,
  { operator, left, right, span }: Binary,
  first: Value,
  second: Value,
  path?: string,
): Value {
  const name = operator === '+' ? 'add' : operator === '*' ? 'mul' : undefined
  if (name === undefined) {
    const facts = { operator, left: describe(first), right: describe(second) }
    return context.reportIn(frame, 'E0410', span, facts)
  }
  if (first.kind !== 'tensor' || second.kind !== 'tensor') {
    const [odd, at] = first.kind === 'tensor' ? [second, right] : [first, left]
    const facts = { what: describe(odd), wanted: `each side of \`${operator}\`` }
    return context.reportIn(frame, 'E0512', at.span, facts)
  }
  const inputs = [
    { value: first, span: left.span },
    { value: second, span: right.span },
  ]
  return applyOperator(context, frame, {
    name,
    given: [],
    inputs,
    span,
    path: () => path ?? frame.naming.next(name),
  })
}

type Pipe = Extract<Expression, { kind: 'pipe' }>

/**
 * `left -> step`. A pipeline that begins with an operator or a block begins at `x`. Its steps are taken in a loop: a long
 * pipeline nests no deeper than a short one.
 */
function evaluatePipe(context: Context, frame: Frame, pipe: Pipe): Value {
  const steps = [pipe]
  let first = pipe.left
  for (; first.kind === 'pipe'; first = first.left) {
    context.step(first.span)
    steps.push(first)
  }
  let value = evaluate(context, frame, first)
  for (let next = steps.pop(); next !== undefined && value.kind !== 'poison'; next = steps.pop())
    value = takeStep(context, frame, next, value)
  return value
}

function takeStep(context: Context, frame: Frame, { left, step }: Pipe, given: Value): Value {
  const value = toFlow(context, frame, given, left.span)
  if (value.kind === 'poison') return poison
  const flow = { value, span: left.span }
  if (step.kind === 'slot') return throughSlot(context, frame, step.name.text, flow, step.span)
  const callable = evaluateStep(context, frame, step)
  if (callable.kind === 'callable') return apply(context, frame, callable, flow, step.span)
  if (callable.kind === 'poison') return poison
  return cannotBeCalled(context, frame, callable, step)
}

/** What flows on: tensors as they are, an operator or block applied to `x`. */
export function toFlow(context: Context, frame: Frame, value: Value, span: Span): Value {
  if (value.kind === 'list') context.step(span, value.items.length)
  if (isFlow(value) || value.kind === 'poison') return value
  if (value.kind !== 'callable')
    return context.reportIn(frame, 'E0512', span, {
      what: describe(value),
      wanted: 'what flows through `->`',
    })
  const x = lookUp(context, frame, 'x', span)
  return x.kind === 'poison' ? poison : apply(context, frame, value, { value: x, span }, span)
}

/** The modules that the stage plugged in here, one after the other; an empty slot is the identity. */
function throughSlot(context: Context, frame: Frame, slot: string, flow: Flow, span: Span): Value {
  if (frame.slots !== noSlots) context.slotsSeen.add(slot)
  let { value } = flow
  for (const plugged of frame.slots.get(slot) ?? []) {
    const path = frame.naming.preferably(plugged.module.label?.text ?? slot)
    // A module has no slots of its own to fill: the stage speaks of the block that it repeats.
    value = apply(context, frame, plugged.module, { value, span }, plugged.span, { path, slots: noSlots })
  }
  return value
}

type Call = Extract<Expression, { kind: 'call' }>
type As = Extract<Expression, { kind: 'as' }>

/** `f(args)`: a result where tensors are among the arguments, else an operator or block that waits for its input. */
function evaluateCall(context: Context, frame: Frame, call: Call): Value {
  return applied(context, frame, prepareCall(context, frame, call), call.span)
}

/** A callable that already has its inputs is applied; anything else stays as it is. */
function applied(context: Context, frame: Frame, value: Value, span: Span): Value {
  return value.kind === 'callable' && hasLeadingTensor(value)
    ? apply(context, frame, value, undefined, span)
    : value
}

/** A step of a pipeline as a callable with the arguments that it names, not applied yet. */
function evaluateStep(context: Context, frame: Frame, step: Expression): Value {
  if (step.kind !== 'call' && (step.kind !== 'as' || step.value.kind === 'binary'))
    return evaluate(context, frame, step)
  context.enter(step.span)
  const value = step.kind === 'call' ? prepareCall(context, frame, step) : labelled(context, frame, step)
  context.leave()
  return value
}

/** `E as NAME` */
function evaluateNamed(context: Context, frame: Frame, expression: As): Value {
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
function cannotBeCalled(
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
