import type { ValueRule } from '../../diagnostics/catalogue/shapes.ts'
import { activationNames, activationOf, type InnerActivation } from './activations.ts'
import type { ArgumentType, ArgumentValue, AttributeValue } from './definition.ts'
import type { Padding, PaddingChoice, Pair } from './geometry.ts'

/** A kind of argument: what `.arch` may give, and what the operator reads from it. */
export interface ArgumentKind<T> {
  readonly type: ArgumentType
  readonly rule: ValueRule
  /** Words it takes, where it takes only a few. */
  readonly words?: readonly string[]
  /** Nothing where the value breaks the rule. */
  readonly read: (value: ArgumentValue) => T | undefined
}

/** A kind of attribute: also what the IR stores, with its JSON Schema. */
export interface AttributeKind<T> extends ArgumentKind<T> {
  readonly schema: Readonly<Record<string, unknown>>
  readonly accepts: (value: unknown) => value is T
}

const kind = <T extends AttributeValue>(
  type: ArgumentType,
  rule: ValueRule,
  schema: Readonly<Record<string, unknown>>,
  accepts: (value: unknown) => value is T,
): AttributeKind<T> => ({
  type,
  rule,
  schema,
  accepts,
  read: (value) => (accepts(value) ? value : undefined),
})

/** Fits a 32-bit integer, as sizes of tensors do in every framework. */
const MAX_COUNT = 2 ** 31 - 1
/** Of kernels, strides and the like: their products stay far within safe integers. */
const MAX_SMALL = 65535
export const MAX_PARTS = 4096

const isInteger =
  (least: number, most: number) =>
  (value: unknown): value is number =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most

const integer = (rule: ValueRule, minimum: number, maximum: number): AttributeKind<number> =>
  kind('int', rule, { type: 'integer', minimum, maximum }, isInteger(minimum, maximum))

export const count = integer('count', 1, MAX_COUNT)
export const index = integer('index', 0, MAX_COUNT)
export const small = integer('small', 1, MAX_SMALL)
export const parts = integer('parts', 1, MAX_PARTS)

const isNumber =
  (holds: (value: number) => boolean) =>
  (value: unknown): value is number =>
    typeof value === 'number' && Number.isFinite(value) && holds(value)

const real = (rule: ValueRule, bounds: object, holds: (value: number) => boolean): AttributeKind<number> =>
  kind('float', rule, { type: 'number', ...bounds }, isNumber(holds))

export const finite = real('finite', {}, () => true)
export const epsilon = real('epsilon', { exclusiveMinimum: 0 }, (value) => value > 0)
export const fraction = real('fraction', { minimum: 0, maximum: 1 }, (value) => value >= 0 && value <= 1)
export const rate = real('rate', { minimum: 0, exclusiveMaximum: 1 }, (value) => value >= 0 && value < 1)

export const flag: AttributeKind<boolean> = kind(
  'bool',
  'flag',
  { type: 'boolean' },
  (value) => typeof value === 'boolean',
)

/** One of a few words. */
export function choice<const W extends string>(words: readonly W[]): AttributeKind<W> {
  const accepts = (value: unknown): value is W => words.some((word) => word === value)
  return { ...kind('string', 'mode', { type: 'string', enum: words }, accepts), words }
}

const listSchema = (
  items: AttributeKind<number>,
  minItems: number,
  maxItems: number,
  description: string,
) => ({
  type: 'array',
  items: items.schema,
  minItems,
  maxItems,
  description,
})

const isListOf = (items: AttributeKind<number>, value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every(items.accepts)

const isPair = (value: unknown): value is Pair => isListOf(small, value) && value.length === 2
const isPadding = (value: unknown): value is Padding => isListOf(index, value) && value.length === 4

/** An int, or [height, width]; stored as a pair. */
export const size: AttributeKind<Pair> = {
  ...kind('size', 'size', listSchema(small, 2, 2, '[height, width]'), isPair),
  read: (value) => (small.accepts(value) ? [value, value] : isPair(value) ? value : undefined),
}

/** Explicit padding as the IR stores it. */
export const sides: AttributeKind<Padding> = kind(
  'padding',
  'sides',
  listSchema(index, 4, 4, '[top, right, bottom, left]'),
  isPadding,
)

/** Explicit padding as `.arch` may write it. */
function readSides(value: ArgumentValue): Padding | undefined {
  if (index.accepts(value)) return [value, value, value, value]
  if (isPadding(value)) return value
  if (!isListOf(index, value) || value.length !== 2) return undefined
  const [y = 0, x = 0] = value
  return [y, x, y, x]
}

export const explicitPadding: ArgumentKind<Padding> = {
  type: 'padding',
  rule: 'padding_sides',
  read: readSides,
}

export const padding: ArgumentKind<PaddingChoice> = {
  type: 'padding',
  rule: 'padding',
  read: (value) => (value === 'same' || value === 'same_tf' || value === 'valid' ? value : readSides(value)),
}

const isSizes = (value: unknown): value is readonly number[] =>
  isListOf(count, value) && value.length >= 1 && value.length <= MAX_PARTS

export const sizes: AttributeKind<readonly number[]> = kind(
  'int[]',
  'sizes',
  listSchema(count, 1, MAX_PARTS, 'Channels of each output.'),
  isSizes,
)

const isShape = (value: unknown): value is readonly number[] =>
  isListOf(count, value) && (value.length === 1 || value.length === 3)

const shapeOf = (length: number, description: string) => listSchema(count, length, length, description)

export const shape: AttributeKind<readonly number[]> = kind(
  'int[]',
  'shape',
  { oneOf: [shapeOf(1, '[features]'), shapeOf(3, '[channels, height, width]')] },
  isShape,
)

export const activationName = choice(['none', ...activationNames])

export const activation: ArgumentKind<InnerActivation> = {
  type: 'activation',
  rule: 'activation',
  read: (value) => {
    if (typeof value !== 'object' || !('name' in value)) return undefined
    const { name, attributes } = value
    if (!activationName.accepts(name)) return undefined
    const parameter = name === 'none' ? undefined : activationOf(name).parameter
    const { [parameter?.name ?? '']: slope = 0 } = attributes
    return finite.accepts(slope) ? { name, slope } : undefined
  },
}
