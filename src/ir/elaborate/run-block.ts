import type { Parameter, Statement } from '../../parser/ast.ts'
import { nearest } from '../../diagnostics/suggest.ts'
import { MAX_BLOCK_DEPTH } from '../limits.ts'
import { matchArguments, signatureFor, type Matchable } from './arguments.ts'
import type { BlockCall, Context, Frame } from './context.ts'
import { evaluate } from './evaluate.ts'
import { execute } from './statements.ts'
import { noteUses } from './uses.ts'
import { conform, describeType, isTypeName, typeNames } from './types.ts'
import { describe, isFlow, isPoisoned, poison, type GivenArgument, type Value } from './values.ts'

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
