import type { Parameter, Statement, Expression } from '../parser/ast.ts'
import { nearest } from '../diagnostics/suggest.ts'
import { MAX_BLOCK_DEPTH } from '../ir/limits.ts'
import { matchArguments, signatureFor, type Matchable } from './arguments.ts'
import { type BlockCall, type Context, type Frame, inTurn } from './context.ts'
import { evaluate, truth, iterate, toFlow } from './evaluate.ts'
import { noteUses } from './uses.ts'
import {
  conform,
  describeType,
  isTypeName,
  typeNames,
  describe,
  isFlow,
  isPoisoned,
  poison,
  type GivenArgument,
  type Value,
} from './values.ts'
import { skip } from './stage.ts'

/** Inlines a block: binds its parameters, runs its body, gives what it returns. */
export function runBlock(context: Context, caller: Frame, call: BlockCall): Value {
  const { declaration, scope } = call.target
  const name = declaration.name.text
  if (caller.trail.blocks.length >= MAX_BLOCK_DEPTH)
    context.stop('E0510', call.span, { limit: MAX_BLOCK_DEPTH })
  const matched = matchArguments(
    context,
    caller,
    name,
    signatureFor(declaration.parameters, matchable),
    call.given,
    call.span,
    call.input.span,
  )
  const given = matched && context.blockArguments.over(context, caller, name, declaration.parameters, matched)
  if (given === undefined) return poison
  const frame: Frame = {
    kind: 'block',
    name,
    scope,
    variables: new Map([['x', call.input.value]]),
    naming: call.naming,
    slots: call.slots,
    trail: { ...caller.trail, blocks: [...caller.trail.blocks, { name, span: call.span }] },
  }
  noteUses(declaration)
  context.enter(call.span)
  const returned = run(context, caller, frame, call, given)
  context.leave()
  if (returned === undefined)
    return context.report('E0504', declaration.name.span, { block: name, ...lastBound(declaration.body) })
  return asResult(context, frame, returned, declaration.body.at(-1)?.span ?? declaration.span)
}

/** The name that the last statement binds: what a block that forgot its `return` most likely gives. */
function lastBound(body: readonly Statement[]): { last?: string } {
  const statement = body.at(-1)
  const [target] = statement?.kind === 'bind' ? statement.targets : []
  return target === undefined ? {} : { last: target.text }
}

/** What the body returns; poison where the arguments do not fit. */
function run(
  context: Context,
  caller: Frame,
  frame: Frame,
  { target: { declaration }, input }: BlockCall,
  given: ReadonlyMap<string, GivenArgument>,
): readonly Value[] | undefined {
  if (!bindParameters(context, caller, frame, declaration.parameters, given)) return [poison]
  context.unused.hold(frame, declaration.name, 'input', input.value, context.partNames.size)
  return execute(context, frame, declaration.body)
}

function asResult(
  context: Context,
  frame: Frame,
  returned: readonly Value[],
  span: Frame['trail']['blocks'][number]['span'],
): Value {
  if (returned.some(isPoisoned)) return poison
  const odd = returned.find((value) => !isFlow(value))
  if (odd !== undefined)
    return context.reportIn(frame, 'E0512', span, { what: describe(odd), wanted: 'what a block returns' })
  const [only] = returned
  return returned.length === 1 && only !== undefined ? only : { kind: 'list', items: returned }
}

/** A declared parameter as matching sees it. */
export function matchable({ name, type, default: value }: Parameter): Matchable {
  const text = () => {
    const shown =
      value === undefined ? '' : ` = ${value.span.file.text.slice(value.span.start, value.span.end)}`
    return `${name.text}: ${type.name.text}${'[]'.repeat(type.rank)}${shown}`
  }
  const takesTensor = type.name.text === 'tensor'
  return { name: name.text, required: value === undefined, takesTensor, text }
}

/** Gives every parameter its value in `frame`; false after a mistake, which is reported. */
export function bindParameters(
  context: Context,
  caller: Frame,
  frame: Frame,
  parameters: readonly Parameter[],
  matched: ReadonlyMap<string, GivenArgument>,
): boolean {
  let sound = true
  for (const parameter of parameters) {
    const given = matched.get(parameter.name.text)
    const value = given === undefined ? fromDefault(context, frame, parameter) : given.value
    const span = given?.span ?? parameter.default?.span ?? parameter.span
    const fitting = fit(context, given === undefined ? frame : caller, parameter, value, span)
    frame.variables.set(parameter.name.text, fitting)
    context.name(frame, parameter.name, 'parameter', fitting)
    sound &&= fitting.kind !== 'poison'
  }
  return sound
}

const fromDefault = (context: Context, frame: Frame, { default: value }: Parameter): Value =>
  value === undefined ? poison : evaluate(context, frame, value)

function fit(
  context: Context,
  frame: Frame,
  { name, type }: Parameter,
  value: Value,
  span: GivenArgument['span'],
): Value {
  if (value.kind === 'poison') return poison
  if (!isTypeName(type.name.text)) {
    return context.report('E0415', type.name.span, () => {
      return { name: type.name.text, nearest: nearest(type.name.text, typeNames) }
    })
  }
  const fitting = conform(value, type, type.name.text, (items) => {
    context.step(span, items)
  })
  if (fitting !== undefined) return fitting
  return context.reportIn(frame, 'E0401', span, () => ({
    what: `\`${name.text}\``,
    wanted: describeType(type.name.text, type.rank),
    found: describe(value),
  }))
}

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>

/** Runs the statements that only a network's body may have. */
export interface NetworkStatements {
  input(context: Context, frame: Frame, statement: Of<'input'>): void
  metadata(context: Context, frame: Frame, statement: Of<'metadata'>): void
  stage(context: Context, frame: Frame, statement: Of<'stage'>): void
  /** True where the binding is a named part (`stem`, `head`) and was run as one. */
  part(context: Context, frame: Frame, statement: Of<'bind'>): boolean
}

/** Runs statements in order, up to a `return`: its values, or `undefined` where there is none. */
export function execute(
  context: Context,
  frame: Frame,
  statements: readonly Statement[],
  network?: NetworkStatements,
): readonly Value[] | undefined {
  for (const statement of statements) {
    context.step(statement.span)
    context.enter(statement.span)
    const returned = executeOne(context, frame, statement, network)
    context.leave()
    if (returned !== undefined) return returned
  }
  return undefined
}

function executeOne(
  context: Context,
  frame: Frame,
  statement: Statement,
  network: NetworkStatements | undefined,
): readonly Value[] | undefined {
  switch (statement.kind) {
    case 'bind':
      if (network?.part(context, frame, statement) !== true) bind(context, frame, statement)
      return undefined
    case 'return':
      return statement.values.map((value) => evaluateReturned(context, frame, value))
    case 'if':
      return executeIf(context, frame, statement, network)
    case 'for':
      return executeFor(context, frame, statement, network)
    case 'assert':
      check(context, frame, statement)
      return undefined
    default:
      executeInNetwork(context, frame, statement, network)
      return undefined
  }
}

function executeInNetwork(
  context: Context,
  frame: Frame,
  statement: Of<'input'> | Of<'metadata'> | Of<'stage'>,
  network: NetworkStatements | undefined,
): void {
  if (network === undefined) {
    context.report('E0506', statement.span, { statement: statement.kind, place: 'a block' })
  } else if (statement.kind === 'input') network.input(context, frame, statement)
  else if (statement.kind === 'metadata') network.metadata(context, frame, statement)
  else network.stage(context, frame, statement)
}

/** A returned operator or block is applied to `x`, like one that begins a pipeline. */
function evaluateReturned(context: Context, frame: Frame, expression: Expression): Value {
  const value = evaluate(context, frame, expression)
  if (value.kind === 'list') context.step(expression.span, value.items.length)
  return value.kind === 'callable' ? toFlow(context, frame, value, expression.span) : value
}

function bind(context: Context, frame: Frame, { targets, value: expression, span }: Of<'bind'>): void {
  const { pipelines, nextValue } = context.builder
  const value = evaluate(context, frame, expression)
  pipelines.endSince(nextValue)
  const [first] = targets
  if (targets.length === 1 && first !== undefined) {
    frame.variables.set(first.text, value)
    context.name(frame, first, 'value', value)
    return
  }
  if (value.kind === 'list' && value.items.length !== targets.length)
    context.reportIn(frame, 'E0413', span, { targets: targets.length, values: value.items.length })
  else if (value.kind !== 'list' && value.kind !== 'poison')
    context.reportIn(frame, 'E0413', span, { targets: targets.length, values: 1 })
  targets.forEach((target, index) => {
    const item =
      (value.kind === 'list' && value.items.length === targets.length ? value.items[index] : undefined) ??
      poison
    frame.variables.set(target.text, item)
    context.name(frame, target, 'value', item)
  })
}

function executeIf(
  context: Context,
  frame: Frame,
  { condition, then, else: otherwise }: Of<'if'>,
  network: NetworkStatements | undefined,
): readonly Value[] | undefined {
  const taken = truth(context, frame, evaluate(context, frame, condition), condition.span, 'the condition')
  if (taken === undefined) return skip(context, frame, [...then, ...(otherwise ?? [])])
  return execute(context, frame, taken ? then : (otherwise ?? []), network)
}

function executeFor(
  context: Context,
  frame: Frame,
  statement: Of<'for'>,
  network: NetworkStatements | undefined,
): readonly Value[] | undefined {
  const { variable, over, body } = statement
  const items = iterate(context, frame, over)
  if (items === undefined) return skip(context, frame, [statement])
  for (const item of items) {
    context.step(variable.span)
    frame.variables.set(variable.text, item)
    context.name(frame, variable, 'variable', item)
    const returned = execute(context, inTurn(frame, variable.text, item), body, network)
    if (returned !== undefined) return returned
  }
  return undefined
}

function check(context: Context, frame: Frame, { condition, message, span }: Of<'assert'>): void {
  const holds = truth(context, frame, evaluate(context, frame, condition), condition.span, 'what is asserted')
  if (holds !== false) return
  const said = message === undefined ? undefined : evaluate(context, frame, message)
  const { file, start, end } = condition.span
  const text = () =>
    said?.kind === 'string' ? said.value : `this does not hold: ${file.text.slice(start, end)}`
  if (said !== undefined && said.kind !== 'string' && said.kind !== 'poison' && message !== undefined)
    context.reportIn(frame, 'E0401', message.span, {
      what: 'the message',
      wanted: 'a string',
      found: describe(said),
    })
  else context.reportIn(frame, 'E0414', span, () => ({ message: text() }))
}
