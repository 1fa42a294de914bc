import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { nearest } from '../diagnostics/suggest.ts'
import type { Expression, Argument } from '../parser/ast.ts'
import type { Span } from '../source/span.ts'
import { spellings } from '../ir/ops/index.ts'
import { builtinNames, helpers } from './helpers.ts'
import { binaryOperation, number, unaryOperation, MAX_LIST } from './arithmetic.ts'
import { noSlots, type Place, type Slots } from './place.ts'
import {
  bool,
  describe,
  int,
  poison,
  string,
  type Evaluated,
  isFlow,
  isNumber,
  isPoisoned,
  nameOfTarget,
  type Callable,
  type GivenArgument,
} from './values.ts'
import { PathNames } from './graph-builder.ts'
import { applyOperator, notATensor, tensorsOf, type Flow } from './operators.ts'

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>

/** The value of an expression; `poison` after a mistake, which is reported. */
export function evaluate(place: Place, expression: Expression): Evaluated {
  place.step(expression.span)
  place.enter(expression.span)
  const value = valueOf(place, expression)
  place.leave()
  return value
}

function valueOf(place: Place, expression: Expression): Evaluated {
  switch (expression.kind) {
    case 'number':
      return orReport(place, number(expression.value, expression.integer, expression.span))
    case 'string':
      return string(expression.value)
    case 'boolean':
      return bool(expression.value)
    case 'missing':
      return poison
    case 'name':
      return lookUp(place, expression.text, expression.span)
    case 'list':
      return { kind: 'list', items: expression.items.map((item) => evaluate(place, item)) }
    case 'comprehension':
      return evaluateComprehension(place, expression)
    case 'range':
      return evaluateRange(place, expression)
    case 'member':
      return evaluateMember(place, expression)
    case 'index':
      return evaluateIndex(place, expression)
    case 'choice':
      return evaluateChoice(place, expression)
    case 'unary': {
      const operand = evaluate(place, expression.operand)
      return operand.kind === 'poison'
        ? poison
        : orReport(place, unaryOperation(expression.operator, operand, expression.span))
    }
    case 'binary':
      return evaluateBinary(place, expression)
    case 'call':
      return evaluateCall(place, expression)
    case 'as':
      return evaluateNamed(place, expression)
    case 'pipe':
      return evaluatePipe(place, expression)
    case 'slot':
      return place.report('E0506', expression.span, {
        statement: 'slot',
        place: 'the beginning of a pipeline',
      })
  }
}

/** A value, or poison where a computation came back with a diagnostic. */
function orReport(place: Place, result: Evaluated | Diagnostic): Evaluated {
  if ('kind' in result) return result
  return result.span === undefined ? place.state.add(result) : place.add(result)
}

/** What a name means: a local value, a block of the file or an import, an operator, a helper. */
export function lookUp(place: Place, name: string, span: Span): Evaluated {
  const local = place.variables.get(name)
  if (local !== undefined) return local
  const declared = place.scope.names.get(name)
  if (declared?.declaration.kind === 'block')
    return {
      kind: 'callable',
      target: { kind: 'block', declaration: declared.declaration, scope: declared.scope },
      given: [],
    }
  if (declared !== undefined) return place.report('E0515', span, { name })
  if (name === 'none') return { kind: 'callable', target: { kind: 'identity', name }, given: [] }
  if (spellings.has(name)) return { kind: 'callable', target: { kind: 'operator', name }, given: [] }
  if (helpers.has(name)) return { kind: 'helper', name }
  if (name === 'x' && place.kind === 'network')
    return place.state.report('E0505', span, { network: place.name })
  if (span.file === place.scope.module.file) return place.report('E0202', span, { name })
  // Text from elsewhere, as `--set` takes it: nobody has checked its names before.
  return place.state.report('E0201', span, () => {
    const known = [...place.variables.keys(), ...place.scope.names.keys(), ...builtinNames]
    return { name, nearest: nearest(name, known) }
  })
}

function evaluateBinary(place: Place, expression: Of<'binary'>): Evaluated {
  const { operator, left, right, span } = expression
  const first = evaluate(place, left)
  if (operator === 'and' || operator === 'or') return evaluateLogic(place, expression, first)
  const second = evaluate(place, right)
  if (first.kind === 'poison' || second.kind === 'poison') return poison
  if (first.kind === 'tensor' || second.kind === 'tensor')
    return combineTensors(place, expression, first, second)
  if (first.kind === 'list' && second.kind === 'list')
    place.step(span, first.items.length + second.items.length)
  return orReport(place, binaryOperation(operator, first, second, span))
}

/** `and`, `or`: the right side counts only where the left one does not decide. */
function evaluateLogic(place: Place, { operator, left, right }: Of<'binary'>, first: Evaluated): Evaluated {
  const known = truth(place, first, left.span, `the left side of \`${operator}\``)
  if (known === undefined) return poison
  if (known === (operator === 'or')) return bool(known)
  const second = truth(place, evaluate(place, right), right.span, `the right side of \`${operator}\``)
  return second === undefined ? poison : bool(second)
}

/** A value as a bool; `undefined` after a mistake, which is reported. */
export function truth(place: Place, value: Evaluated, span: Span, what: string): boolean | undefined {
  if (value.kind === 'bool') return value.value
  if (value.kind !== 'poison') place.report('E0401', span, { what, wanted: 'a bool', found: describe(value) })
  return undefined
}

/** A value as an int; `undefined` after a mistake, which is reported. */
export function integer(place: Place, expression: Expression, what: string): number | undefined {
  const value = evaluate(place, expression)
  if (value.kind === 'int') return value.value
  if (value.kind !== 'poison')
    place.report('E0401', expression.span, { what, wanted: 'an int', found: describe(value) })
  return undefined
}

/** Whether a condition holds; `undefined` after a mistake, which is reported. */
const decide = (place: Place, condition: Expression): boolean | undefined =>
  truth(place, evaluate(place, condition), condition.span, 'the condition')

function evaluateChoice(place: Place, { condition, then, else: otherwise }: Of<'choice'>): Evaluated {
  const taken = decide(place, condition)
  return taken === undefined ? poison : evaluate(place, taken ? then : otherwise)
}

const members = ['channels', 'height', 'width']

function evaluateMember(place: Place, { object, name }: Of<'member'>): Evaluated {
  const value = evaluate(place, object)
  if (value.kind === 'poison') return poison
  if (object.kind !== 'name' && object.kind !== 'index') place.ask(object.span, 'size', value)
  const size = value.kind === 'tensor' ? value.type.shape[members.indexOf(name.text)] : undefined
  if (size !== undefined) return int(size)
  return place.report('E0412', name.span, () => ({
    name: name.text,
    nearest: nearest(name.text, value.kind === 'tensor' ? members : []),
    of: describe(value),
  }))
}

/** `START..END` as a list of ints. */
function evaluateRange(place: Place, { start, end, span }: Of<'range'>): Evaluated {
  const from = integer(place, start, 'the start of a range')
  const to = integer(place, end, 'the end of a range')
  if (from === undefined || to === undefined) return poison
  const count = Math.max(0, to - from)
  place.step(span, Math.min(count, MAX_LIST))
  if (count > MAX_LIST) return place.report('E0507', span, { count, limit: MAX_LIST })
  return { kind: 'list', items: Array.from({ length: count }, (_, offset) => int(from + offset)) }
}

/** `[for NAME in OVER if CONDITION: ELEMENT]` */
function evaluateComprehension(
  place: Place,
  { variable, over, condition, element }: Of<'comprehension'>,
): Evaluated {
  const items = iterate(place, over)
  if (items === undefined) return poison
  const shadowed = place.variables.get(variable.text)
  const results: Evaluated[] = []
  let isKnown = true
  for (const item of items) {
    place.variables.set(variable.text, item)
    place.bind(variable, 'variable', item)
    const turn = place.inTurn(variable.text, item)
    const isKept = condition === undefined || decide(turn, condition)
    if (isKept === true) results.push(evaluate(turn, element))
    isKnown &&= isKept !== undefined
  }
  if (shadowed === undefined) place.variables.delete(variable.text)
  else place.variables.set(variable.text, shadowed)
  return isKnown ? { kind: 'list', items: results } : poison
}

/** The items that a loop runs over; `undefined` after a mistake, which is reported. */
export function iterate(place: Place, over: Expression): readonly Evaluated[] | undefined {
  const list = evaluate(place, over)
  if (list.kind === 'list') return list.items
  if (list.kind !== 'poison') {
    const facts = { what: 'what a loop runs over', wanted: 'a range or a list', found: describe(list) }
    place.report('E0401', over.span, facts)
  }
  return undefined
}

/** `LIST[INDEX]`, or a part of a list where the index is a list. */
function evaluateIndex(place: Place, { object, index, span }: Of<'index'>): Evaluated {
  const list = evaluate(place, object)
  const at = evaluate(place, index)
  if (list.kind === 'poison' || at.kind === 'poison') return poison
  if (list.kind !== 'list')
    return place.report('E0401', object.span, {
      what: 'what is indexed',
      wanted: 'a list',
      found: describe(list),
    })
  // What has a name answers for its use by it.
  if (index.kind === 'number' && object.kind !== 'name') place.ask(object.span, index.value, list)
  if (at.kind === 'list') {
    place.step(span, at.items.length)
    return { kind: 'list', items: at.items.map((item) => pick(place, list.items, item, span)) }
  }
  return pick(place, list.items, at, index.span)
}

function pick(place: Place, items: readonly Evaluated[], index: Evaluated, span: Span): Evaluated {
  if (index.kind !== 'int')
    return place.report('E0401', span, {
      what: 'an index',
      wanted: 'an int',
      found: describe(index),
    })
  const item = items[index.value]
  return item ?? place.report('E0408', span, { index: index.value, length: items.length })
}

type Binary = Extract<Expression, { kind: 'binary' }>

/** `a + b` and `a * b` of tensors are the operators `add` and `mul`. */
function combineTensors(
  place: Place,
  { operator, left, right, span }: Binary,
  first: Evaluated,
  second: Evaluated,
  path?: string,
): Evaluated {
  const name = operator === '+' ? 'add' : operator === '*' ? 'mul' : undefined
  if (name === undefined) {
    const facts = { operator, left: describe(first), right: describe(second) }
    return place.report('E0410', span, facts)
  }
  if (first.kind !== 'tensor' || second.kind !== 'tensor') {
    const [odd, at] = first.kind === 'tensor' ? [second, right] : [first, left]
    const facts = { what: describe(odd), wanted: `each side of \`${operator}\`` }
    return place.report('E0512', at.span, facts)
  }
  const inputs = [
    { value: first, span: left.span },
    { value: second, span: right.span },
  ]
  return applyOperator(place, {
    name,
    given: [],
    inputs,
    span,
    path: () => path ?? place.naming.next(name),
  })
}

type Pipe = Extract<Expression, { kind: 'pipe' }>

/**
 * `left -> step`. A pipeline that begins with an operator or a block begins at `x`. Its steps are taken in a loop: a long
 * pipeline nests no deeper than a short one.
 */
function evaluatePipe(place: Place, pipe: Pipe): Evaluated {
  const steps = [pipe]
  let first = pipe.left
  for (; first.kind === 'pipe'; first = first.left) {
    place.step(first.span)
    steps.push(first)
  }
  let value = evaluate(place, first)
  for (let next = steps.pop(); next !== undefined && value.kind !== 'poison'; next = steps.pop())
    value = takeStep(place, next, value)
  return value
}

function takeStep(place: Place, { left, step }: Pipe, given: Evaluated): Evaluated {
  const value = toFlow(place, given, left.span)
  if (value.kind === 'poison') return poison
  const flow = { value, span: left.span }
  if (step.kind === 'slot') return throughSlot(place, step.name.text, flow, step.span)
  const callable = evaluateStep(place, step)
  if (callable.kind === 'callable') return apply(place, callable, flow, step.span)
  if (callable.kind === 'poison') return poison
  return cannotBeCalled(place, callable, step)
}

/** What flows on: tensors as they are, an operator or block applied to `x`. */
export function toFlow(place: Place, value: Evaluated, span: Span): Evaluated {
  if (value.kind === 'list') place.step(span, value.items.length)
  if (isFlow(value) || value.kind === 'poison') return value
  if (value.kind !== 'callable')
    return place.report('E0512', span, {
      what: describe(value),
      wanted: 'what flows through `->`',
    })
  const x = lookUp(place, 'x', span)
  return x.kind === 'poison' ? poison : apply(place, value, { value: x, span }, span)
}

/** The modules that the stage plugged in here, one after the other; an empty slot is the identity. */
function throughSlot(place: Place, slot: string, flow: Flow, span: Span): Evaluated {
  if (place.slots !== noSlots) place.state.seeSlot(slot)
  let { value } = flow
  for (const plugged of place.slots.get(slot) ?? []) {
    const path = place.naming.preferably(plugged.module.label?.text ?? slot)
    // A module has no slots of its own to fill: the stage speaks of the block that it repeats.
    value = apply(place, plugged.module, { value, span }, plugged.span, { path, slots: noSlots })
  }
  return value
}

type Call = Extract<Expression, { kind: 'call' }>
type As = Extract<Expression, { kind: 'as' }>

/** `f(args)`: a result where tensors are among the arguments, else an operator or block that waits for its input. */
function evaluateCall(place: Place, call: Call): Evaluated {
  return applied(place, prepareCall(place, call), call.span)
}

/** A callable that already has its inputs is applied; anything else stays as it is. */
function applied(place: Place, value: Evaluated, span: Span): Evaluated {
  return value.kind === 'callable' && hasLeadingTensor(value) ? apply(place, value, undefined, span) : value
}

/** A step of a pipeline as a callable with the arguments that it names, not applied yet. */
function evaluateStep(place: Place, step: Expression): Evaluated {
  if (step.kind !== 'call' && (step.kind !== 'as' || step.value.kind === 'binary'))
    return evaluate(place, step)
  place.enter(step.span)
  const value = step.kind === 'call' ? prepareCall(place, step) : labelled(place, step)
  place.leave()
  return value
}

/** `E as NAME` */
function evaluateNamed(place: Place, expression: As): Evaluated {
  const { value: inner, name } = expression
  if (inner.kind !== 'binary') return applied(place, labelled(place, expression), expression.span)
  const left = evaluate(place, inner.left)
  const right = evaluate(place, inner.right)
  if (left.kind === 'poison' || right.kind === 'poison') return poison
  const path = place.naming.exactly(name.text)
  if (path === undefined) return place.state.report('E0511', name.span, { name: name.text })
  return combineTensors(place, inner, left, right, path)
}

function labelled(place: Place, { value: inner, name, span }: As): Evaluated {
  const value = evaluateStep(place, inner)
  if (value.kind === 'callable') return { ...value, label: name }
  if (value.kind === 'poison') return poison
  return place.report('E0401', span, {
    what: 'what `as` names',
    wanted: 'an operator or a call of a block',
    found: describe(value),
  })
}

function prepareCall(place: Place, { callee, arguments: given, span }: Call): Evaluated {
  const target = evaluate(place, callee)
  const values = argumentsOf(place, given)
  if (target.kind === 'poison') return poison
  if (target.kind === 'helper') return callHelper(place, target.name, values, span)
  if (target.kind !== 'callable') return cannotBeCalled(place, target, callee)
  if (values.some(({ value }) => isPoisoned(value))) return poison
  if (isMisordered(place, nameOfTarget(target.target), values)) return poison
  place.step(span, target.given.length)
  const all = target.given.length === 0 ? values : [...target.given, ...values]
  return target.label === undefined
    ? { kind: 'callable', target: target.target, given: all }
    : { ...target, given: all }
}

/** Reports a positional argument that stands after a named one. */
function isMisordered(place: Place, callee: string, given: readonly GivenArgument[]): boolean {
  const misplaced = given.find(
    ({ name }, index) => name === undefined && given[index - 1]?.name !== undefined,
  )
  if (misplaced !== undefined) place.report('E0418', misplaced.span, { callee })
  return misplaced !== undefined
}

/** The arguments of a variant; `undefined` after a mistake in them or in their order, which is reported. */
export function evaluateArguments(
  place: Place,
  callee: string,
  given: readonly Argument[],
): readonly GivenArgument[] | undefined {
  const values = argumentsOf(place, given)
  return isMisordered(place, callee, values) ? undefined : values
}

/** A loop, because a closure for each of them would take twice the stack. */
function argumentsOf(place: Place, given: readonly Argument[]): GivenArgument[] {
  const values: GivenArgument[] = []
  for (const argument of given) values.push(evaluateArgument(place, argument))
  return values
}

export function evaluateArgument(place: Place, { name, value, span }: Argument): GivenArgument {
  place.enter(span)
  const result = evaluate(place, value)
  place.leave()
  if (result.kind === 'list') place.step(span, result.items.length)
  return name === undefined ? { value: result, span } : { name, value: result, span: value.span }
}

/** Reports a value in a place where an operator or a block belongs. */
function cannotBeCalled(place: Place, value: Evaluated, { span, ...callee }: Expression): Evaluated {
  const name = callee.kind === 'name' ? callee.text : undefined
  const hides =
    name !== undefined && (builtinNames.has(name) || place.scope.names.has(name)) ? name : undefined
  return place.report('E0411', span, { found: describe(value), hides })
}

function callHelper(place: Place, callee: string, given: readonly GivenArgument[], span: Span): Evaluated {
  const values = given.map(({ value }) => value)
  if (values.some(isPoisoned)) return poison
  const named = given.find(({ name }) => name !== undefined)
  const result = named === undefined ? helpers.get(callee)?.call(values) : 'takes no named arguments'
  if (result === undefined || typeof result === 'string')
    return place.report('E0416', span, { callee, problem: result ?? 'is not a function' })
  if (!isNumber(result)) return result
  const sound = number(result.value, result.kind === 'int', span)
  return 'kind' in sound ? sound : place.state.add(sound)
}

interface ApplyOptions {
  /** The path of the node or block, where the caller decides it (stages, slots). */
  readonly path?: string
  /** Names what a block makes, where the caller has made operators at this path already. */
  readonly naming?: PathNames
  readonly slots?: Slots
}

/**
 * Applies an operator or a block to what flows into it. Arguments that are tensors and come first are inputs
 * too: `concat(a, b)`, `a -> fuse(b)`.
 */
export function apply(
  place: Place,
  callable: Callable,
  piped: Flow | undefined,
  span: Span,
  options: ApplyOptions = {},
): Evaluated {
  const leading = leadingTensors(callable.given)
  const given = leading.length === 0 ? callable.given : callable.given.slice(leading.length)
  const flows: readonly Flow[] = piped === undefined ? leading : [piped, ...leading]
  if (flows.some(({ value }) => isPoisoned(value))) return poison
  for (const { value } of flows) countItems(place, value, span)
  for (const { value } of given) countItems(place, value, span)
  const { target } = callable
  if (target.kind === 'identity') return flows[0]?.value ?? poison
  const path = () => options.path ?? pathFor(place, callable)
  if (target.kind === 'operator') {
    const inputs = tensorsOf(place, flows, target.name)
    return inputs === undefined
      ? poison
      : applyOperator(place, { name: target.name, given, inputs, span, path })
  }
  const [input, ...others] = flows
  if (input === undefined || !isFlow(input.value)) return notATensor(place, input, span, nameOfTarget(target))
  return place.state.runBlock(place, {
    target,
    given: others.length === 0 ? given : [...others, ...given],
    input,
    span,
    naming: options.naming ?? new PathNames(path()),
    slots: options.slots ?? place.slots,
  })
}

function countItems(place: Place, value: Evaluated, span: Span): void {
  if (value.kind === 'list') place.step(span, value.items.length)
}

function leadingTensors(given: readonly GivenArgument[]): readonly GivenArgument[] {
  const end = given.findIndex(({ name, value }) => name !== undefined || !isFlow(value))
  return end === -1 ? given : given.slice(0, end)
}

const hasLeadingTensor = ({ given }: Callable): boolean => leadingTensors(given).length > 0

function pathFor({ state, naming }: Place, { label, target }: Callable): string {
  if (label === undefined) return naming.next(nameOfTarget(target))
  const path = naming.exactly(label.text)
  if (path !== undefined) return path
  state.report('E0511', label.span, { name: label.text })
  return naming.next(label.text)
}
