import type { Expression, ParameterDeclaration, Statement } from '../parser/ast.ts'
import { nearest } from '../diagnostics/suggest.ts'
import { MAX_BLOCK_DEPTH } from '../ir/limits.ts'
import { matchArguments, signatureFor, withChanges, type Matchable } from './arguments.ts'
import { Place, type BlockCall } from './place.ts'
import { evaluate, truth, iterate, toFlow } from './expressions.ts'
import { isPart, noteUses } from './uses.ts'
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
  type Evaluated,
} from './values.ts'

/** Inlines a block: binds its parameters, runs its body, gives what it returns. */
export function runBlock(caller: Place, call: BlockCall): Evaluated {
  const { declaration, scope } = call.target
  const name = declaration.name.text
  if (caller.trail.blocks.length >= MAX_BLOCK_DEPTH)
    caller.state.stop('E0510', call.span, { limit: MAX_BLOCK_DEPTH })
  const matched = matchArguments(
    caller,
    name,
    signatureFor(declaration.parameters, matchable),
    call.given,
    call.span,
    call.input.span,
  )
  const given = matched && withChanges(caller, name, declaration.parameters, matched)
  if (given === undefined) return poison
  const place = new Place(caller.state, {
    kind: 'block',
    name,
    scope,
    variables: new Map([['x', call.input.value]]),
    naming: call.naming,
    slots: call.slots,
    trail: { ...caller.trail, blocks: [...caller.trail.blocks, { name, span: call.span }] },
  })
  noteUses(declaration)
  place.enter(call.span)
  const returned = run(caller, place, call, given)
  place.leave()
  if (returned === undefined)
    return place.state.report('E0504', declaration.name.span, { block: name, ...lastBound(declaration.body) })
  return asResult(place, returned, declaration.body.at(-1)?.span ?? declaration.span)
}

/** The name that the last statement binds: what a block that forgot its `return` most likely gives. */
function lastBound(body: readonly Statement[]): { last?: string } {
  const statement = body.at(-1)
  const [target] = statement?.kind === 'bind' ? statement.targets : []
  return target === undefined ? {} : { last: target.text }
}

/** What the body returns; poison where the arguments do not fit. */
function run(
  caller: Place,
  place: Place,
  { target: { declaration }, input }: BlockCall,
  given: ReadonlyMap<string, GivenArgument>,
): readonly Evaluated[] | undefined {
  if (!bindParameters(caller, place, declaration.parameters, given)) return [poison]
  place.hold(declaration.name, 'input', input.value)
  return runStatements(place, declaration.body)
}

function asResult(
  place: Place,
  returned: readonly Evaluated[],
  span: Place['trail']['blocks'][number]['span'],
): Evaluated {
  if (returned.some(isPoisoned)) return poison
  const odd = returned.find((value) => !isFlow(value))
  if (odd !== undefined)
    return place.report('E0512', span, { what: describe(odd), wanted: 'what a block returns' })
  const [only] = returned
  return returned.length === 1 && only !== undefined ? only : { kind: 'list', items: returned }
}

/** A declared parameter as matching sees it. */
export function matchable({ name, type, default: value }: ParameterDeclaration): Matchable {
  const text = () => {
    const shown =
      value === undefined ? '' : ` = ${value.span.file.text.slice(value.span.start, value.span.end)}`
    return `${name.text}: ${type.name.text}${'[]'.repeat(type.rank)}${shown}`
  }
  const takesTensor = type.name.text === 'tensor'
  return { name: name.text, required: value === undefined, takesTensor, text }
}

/** Gives every parameter its value in `place`; false after a mistake, which is reported. */
export function bindParameters(
  caller: Place,
  place: Place,
  parameters: readonly ParameterDeclaration[],
  matched: ReadonlyMap<string, GivenArgument>,
): boolean {
  let sound = true
  for (const parameter of parameters) {
    const given = matched.get(parameter.name.text)
    const value = given === undefined ? fromDefault(place, parameter) : given.value
    const span = given?.span ?? parameter.default?.span ?? parameter.span
    const fitting = fit(given === undefined ? place : caller, parameter, value, span)
    place.variables.set(parameter.name.text, fitting)
    place.bind(parameter.name, 'parameter', fitting)
    sound &&= fitting.kind !== 'poison'
  }
  return sound
}

const fromDefault = (place: Place, { default: value }: ParameterDeclaration): Evaluated =>
  value === undefined ? poison : evaluate(place, value)

function fit(
  place: Place,
  { name, type }: ParameterDeclaration,
  value: Evaluated,
  span: GivenArgument['span'],
): Evaluated {
  if (value.kind === 'poison') return poison
  if (!isTypeName(type.name.text)) {
    return place.state.report('E0415', type.name.span, () => {
      return { name: type.name.text, nearest: nearest(type.name.text, typeNames) }
    })
  }
  const fitting = conform(value, type, type.name.text, (items) => {
    place.step(span, items)
  })
  if (fitting !== undefined) return fitting
  return place.report('E0401', span, () => ({
    what: `\`${name.text}\``,
    wanted: describeType(type.name.text, type.rank),
    found: describe(value),
  }))
}

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>

/** Runs the statements that only a network's body may have. */
export interface NetworkStatements {
  input(place: Place, statement: Of<'input'>): void
  metadata(place: Place, statement: Of<'metadata'>): void
  stage(place: Place, statement: Of<'stage'>): void
  /** True where the binding is a named part (`stem`, `head`) and was run as one. */
  part(place: Place, statement: Of<'bind'>): boolean
}

/** Runs statements in order, up to a `return`: its values, or `undefined` where there is none. */
export function runStatements(
  place: Place,
  statements: readonly Statement[],
  network?: NetworkStatements,
): readonly Evaluated[] | undefined {
  for (const statement of statements) {
    place.step(statement.span)
    place.enter(statement.span)
    const returned = runStatement(place, statement, network)
    place.leave()
    if (returned !== undefined) return returned
  }
  return undefined
}

function runStatement(
  place: Place,
  statement: Statement,
  network: NetworkStatements | undefined,
): readonly Evaluated[] | undefined {
  switch (statement.kind) {
    case 'bind':
      if (network?.part(place, statement) !== true) bind(place, statement)
      return undefined
    case 'return':
      return statement.values.map((value) => evaluateReturned(place, value))
    case 'if':
      return runIf(place, statement, network)
    case 'for':
      return runFor(place, statement, network)
    case 'assert':
      check(place, statement)
      return undefined
    default:
      runInNetwork(place, statement, network)
      return undefined
  }
}

function runInNetwork(
  place: Place,
  statement: Of<'input'> | Of<'metadata'> | Of<'stage'>,
  network: NetworkStatements | undefined,
): void {
  if (network === undefined) {
    place.state.report('E0506', statement.span, { statement: statement.kind, place: 'a block' })
  } else if (statement.kind === 'input') network.input(place, statement)
  else if (statement.kind === 'metadata') network.metadata(place, statement)
  else network.stage(place, statement)
}

/** A returned operator or block is applied to `x`, like one that begins a pipeline. */
function evaluateReturned(place: Place, expression: Expression): Evaluated {
  const value = evaluate(place, expression)
  if (value.kind === 'list') place.step(expression.span, value.items.length)
  return value.kind === 'callable' ? toFlow(place, value, expression.span) : value
}

function bind(place: Place, { targets, value: expression, span }: Of<'bind'>): void {
  const { nextValue } = place.state.builder
  const value = evaluate(place, expression)
  place.state.endPipelinesSince(nextValue)
  const [first] = targets
  if (targets.length === 1 && first !== undefined) {
    place.variables.set(first.text, value)
    place.bind(first, 'value', value)
    return
  }
  if (value.kind === 'list' && value.items.length !== targets.length)
    place.report('E0413', span, { targets: targets.length, values: value.items.length })
  else if (value.kind !== 'list' && value.kind !== 'poison')
    place.report('E0413', span, { targets: targets.length, values: 1 })
  targets.forEach((target, index) => {
    const item =
      (value.kind === 'list' && value.items.length === targets.length ? value.items[index] : undefined) ??
      poison
    place.variables.set(target.text, item)
    place.bind(target, 'value', item)
  })
}

function runIf(
  place: Place,
  { condition, then, else: otherwise }: Of<'if'>,
  network: NetworkStatements | undefined,
): readonly Evaluated[] | undefined {
  const taken = truth(place, evaluate(place, condition), condition.span, 'the condition')
  if (taken === undefined) return skip(place, [...then, ...(otherwise ?? [])])
  return runStatements(place, taken ? then : (otherwise ?? []), network)
}

function runFor(
  place: Place,
  statement: Of<'for'>,
  network: NetworkStatements | undefined,
): readonly Evaluated[] | undefined {
  const { variable, over, body } = statement
  const items = iterate(place, over)
  if (items === undefined) return skip(place, [statement])
  for (const item of items) {
    place.step(variable.span)
    place.variables.set(variable.text, item)
    place.bind(variable, 'variable', item)
    const returned = runStatements(place.inTurn(variable.text, item), body, network)
    if (returned !== undefined) return returned
  }
  return undefined
}

function check(place: Place, { condition, message, span }: Of<'assert'>): void {
  const holds = truth(place, evaluate(place, condition), condition.span, 'what is asserted')
  if (holds !== false) return
  const said = message === undefined ? undefined : evaluate(place, message)
  const { file, start, end } = condition.span
  const text = () =>
    said?.kind === 'string' ? said.value : `this does not hold: ${file.text.slice(start, end)}`
  if (said !== undefined && said.kind !== 'string' && said.kind !== 'poison' && message !== undefined)
    place.report('E0401', message.span, {
      what: 'the message',
      wanted: 'a string',
      found: describe(said),
    })
  else place.report('E0414', span, () => ({ message: text() }))
}

/**
 * Passes over statements of which nobody knows whether they would have run, because their condition or their
 * list is mistaken. What they might have bound is poison, so that its uses stay silent; so is what they might
 * have returned.
 */
export function skip(place: Place, statements: readonly Statement[]): readonly Evaluated[] | undefined {
  let returned: readonly Evaluated[] | undefined
  for (const statement of statements) {
    place.step(statement.span)
    for (const name of namesOf(statement)) place.variables.set(name, poison)
    if (place.kind === 'network' && setsRunningTensor(statement)) place.variables.set('x', poison)
    returned = (statement.kind === 'return' ? [poison] : skip(place, bodyOf(statement))) ?? returned
  }
  return returned
}

function namesOf(statement: Statement): readonly string[] {
  if (statement.kind === 'bind') return statement.targets.map(({ text }) => text)
  if (statement.kind === 'stage') return [statement.name.text]
  return statement.kind === 'for' ? [statement.variable.text] : []
}

const setsRunningTensor = (statement: Statement): boolean =>
  statement.kind === 'input' || statement.kind === 'stage' || (statement.kind === 'bind' && isPart(statement))

function bodyOf(statement: Statement): readonly Statement[] {
  if (statement.kind === 'for') return statement.body
  return statement.kind === 'if' ? [...statement.then, ...(statement.else ?? [])] : []
}
