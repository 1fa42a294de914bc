import type { Expression, Statement } from '../../parser/ast.ts'
import type { Context, Frame } from './context.ts'
import { evaluate, truth } from './evaluate.ts'
import { iterate } from './evaluate-lists.ts'
import { toFlow } from './evaluate-pipe.ts'
import { skip } from './skip.ts'
import { inTurn } from './turns.ts'
import { describe, poison, type Value } from './values.ts'

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
