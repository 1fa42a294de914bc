import type {
  ActivationValue,
  ArgumentDefinition,
  ArgumentType,
  ArgumentValue,
  ArgumentValues,
  Spelling,
} from '../ops/definition.ts'
import { isProblem } from '../ops/definition.ts'
import { spellings } from '../ops/index.ts'
import type { Span } from '../../source/span.ts'
import { tensor } from '../tensor-type.ts'
import { matchArguments, signatureFor, type Matchable } from './arguments.ts'
import type { Context, Frame } from './context.ts'
import { isActivation } from './types.ts'
import { describe, type Callable, type GivenArgument, type Value } from './values.ts'

export interface OperatorArguments {
  readonly values: ArgumentValues
  readonly matched: ReadonlyMap<string, GivenArgument>
}

/** Matches, type-checks and completes the arguments of an operator; `undefined` after a reported mistake. */
export function operatorArguments(
  context: Context,
  frame: Frame,
  spelling: Pick<Spelling<never>, 'name' | 'arguments'>,
  given: readonly GivenArgument[],
  span: Span,
): OperatorArguments | undefined {
  const matched = matchArguments(
    context,
    frame,
    spelling.name,
    signatureFor(spelling.arguments, matchable),
    given,
    span,
  )
  if (matched === undefined) return undefined
  const values: Record<string, ArgumentValue | undefined> = {}
  for (const definition of spelling.arguments) {
    const argument = matched.get(definition.name)
    if (argument?.value.kind === 'poison') return undefined
    const value =
      argument === undefined ? definition.default : toArgument(context, frame, definition, argument)
    if (argument !== undefined && value === undefined) return undefined
    values[definition.name] = value
  }
  return { values, matched }
}

function matchable({ name, type, default: value, optional }: ArgumentDefinition): Matchable {
  const text = () =>
    `${name}: ${type}${value === undefined ? (optional === true ? '?' : '') : ` = ${show(value)}`}`
  return { name, required: value === undefined && optional !== true, text }
}

const show = (value: ArgumentValue): string =>
  typeof value === 'object' && 'attributes' in value ? value.name : JSON.stringify(value)

function toArgument(
  context: Context,
  frame: Frame,
  { name, type }: ArgumentDefinition,
  { value, span }: GivenArgument,
): ArgumentValue | undefined {
  const converted = type === 'activation' ? toActivation(context, frame, value, span) : convert(value, type)
  if (converted === undefined && !(type === 'activation' && isActivation(value)))
    context.reportIn(frame, 'E0401', span, {
      what: `\`${name}\``,
      wanted: wanted[type],
      found: describe(value),
    })
  return converted
}

const wanted: Record<ArgumentType, string> = {
  int: 'an int',
  'int[]': 'a list of int',
  float: 'a number',
  bool: 'a bool',
  string: 'a string',
  size: 'an int, or a list of two (height, width)',
  padding: 'a string such as "same", an int, or a list of two or four ints',
  activation: 'an activation such as `relu`',
}

function convert(value: Value, type: ArgumentType): ArgumentValue | undefined {
  switch (type) {
    case 'int':
      return value.kind === 'int' ? value.value : undefined
    case 'float':
      return value.kind === 'int' || value.kind === 'float' ? value.value : undefined
    case 'bool':
      return value.kind === 'bool' ? value.value : undefined
    case 'string':
      return value.kind === 'string' ? value.value : undefined
    case 'int[]':
      return ints(value)
    case 'size':
      return value.kind === 'int' ? value.value : ints(value, [2])
    case 'padding':
      return value.kind === 'int' || value.kind === 'string' ? value.value : ints(value, [2, 4])
    case 'activation':
      return undefined
  }
}

function ints(value: Value, lengths?: readonly number[]): readonly number[] | undefined {
  if (value.kind !== 'list' || lengths?.includes(value.items.length) === false) return undefined
  const numbers = value.items.flatMap((item) => (item.kind === 'int' ? [item.value] : []))
  return numbers.length === value.items.length ? numbers : undefined
}

/** `leaky_relu(1e-3)` as data: its name and the attributes that its operator would have. */
function toActivation(context: Context, frame: Frame, value: Value, span: Span): ActivationValue | undefined {
  if (!isActivation(value) || value.kind !== 'callable') return undefined
  return activationOf(context, frame, value, span)
}

function activationOf(
  context: Context,
  frame: Frame,
  { target, given }: Callable,
  span: Span,
): ActivationValue | undefined {
  if (target.kind === 'block') return undefined
  if (target.kind === 'identity') return { name: target.name, attributes: {} }
  const spelled = spellings.get(target.name)
  if (spelled === undefined) return undefined
  const complete = operatorArguments(context, frame, spelled.spelling, given, span)
  if (complete === undefined) return undefined
  // An activation has the same attributes on every tensor, so any will do to ask for them.
  const attributes = spelled.spelling.attributes(complete.values, [tensor(1, 1, 1)])
  if (!isProblem(attributes)) return { name: spelled.op, attributes }
  context.reportIn(frame, attributes.problem, span, attributes.facts)
  return undefined
}
