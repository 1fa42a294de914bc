import type { TypeReference, Block, Name } from '../parser/ast.ts'
import { operatorOf, spellings } from '../ir/ops/index.ts'
import type { Span } from '../source/span.ts'
import { formatShape, type TensorType } from '../ir/tensor-type.ts'
import type { ValueId } from '../ir/graph.ts'
import type { ModuleScope } from './scopes.ts'

/** The types that a parameter of a block or network can have; lists are written `int[]`. */
export const typeNames = ['int', 'float', 'bool', 'string', 'tensor', 'activation', 'block'] as const
type TypeName = (typeof typeNames)[number]

export const isTypeName = (name: string): name is TypeName => typeNames.some((known) => known === name)

/** `an int`, `a list of float`, as messages speak of a type. */
export function describeType(name: string, rank: number): string {
  if (rank > 0) return `a list of ${rank === 1 ? name : describeType(name, rank - 1)}`
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`
}

/**
 * The value as the type wants it (an int becomes a float where one is wanted), or `undefined` if it does not fit.
 * @param count hears of every list that is about to be copied: lists of lists can be vast and yet quickly written
 */
export function conform(
  value: Evaluated,
  type: Pick<TypeReference, 'rank'>,
  name: TypeName,
  count: (items: number) => void,
  rank = type.rank,
): Evaluated | undefined {
  if (rank === 0) return conformItem(value, name)
  if (value.kind !== 'list') return undefined
  count(value.items.length)
  const items: Evaluated[] = []
  for (const item of value.items) {
    const fitting = item.kind === 'poison' ? item : conform(item, type, name, count, rank - 1)
    if (fitting === undefined) return undefined
    items.push(fitting)
  }
  return { kind: 'list', items }
}

function conformItem(value: Evaluated, name: TypeName): Evaluated | undefined {
  if (name === 'float' && value.kind === 'int') return float(value.value)
  if (name === 'block') return value.kind === 'callable' ? value : undefined
  if (name === 'activation') return isActivation(value) ? value : undefined
  return value.kind === name ? value : undefined
}

/** Whether the type `activation` takes it: an operator that is one, with its arguments or without, or `none`. */
export function isActivation(value: Evaluated): boolean {
  if (value.kind !== 'callable') return false
  if (value.target.kind === 'identity') return true
  if (value.target.kind === 'block') return false
  const spelled = spellings.get(value.target.name)
  return spelled !== undefined && operatorOf(spelled.op).isActivation === true
}

/** What an expression evaluates to at compile time. */
export type Evaluated =
  | { readonly kind: 'int' | 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'list'; readonly items: readonly Evaluated[] }
  | TensorValue
  | Callable
  | Helper
  | Poison

/** A tensor of the graph under construction. */
export interface TensorValue {
  readonly kind: 'tensor'
  readonly id: ValueId
  readonly type: TensorType
}

/** An operator or a block that waits for its input, with the arguments given so far. */
export interface Callable {
  readonly kind: 'callable'
  readonly target: CallTarget
  readonly given: readonly GivenArgument[]
  /** From `as NAME`. */
  readonly label?: Name
}

export type CallTarget =
  | { readonly kind: 'operator'; readonly name: string }
  | { readonly kind: 'block'; readonly declaration: Block; readonly scope: ModuleScope }
  /** The activation `none`. */
  | { readonly kind: 'identity'; readonly name: 'none' }

export interface GivenArgument {
  readonly name?: Name
  readonly value: Evaluated
  readonly span: Span
}

/** A compile-time function such as `round_to`. */
interface Helper {
  readonly kind: 'helper'
  readonly name: string
}

/** The result of a mistake that was reported: whatever uses it stays silent. */
export interface Poison {
  readonly kind: 'poison'
}

export const poison: Poison = { kind: 'poison' }
export const int = (value: number): Evaluated => ({ kind: 'int', value })
export const float = (value: number): Evaluated => ({ kind: 'float', value })
export const bool = (value: boolean): Evaluated => ({ kind: 'bool', value })
export const string = (value: string): Evaluated => ({ kind: 'string', value })

export const isNumber = (value: Evaluated): value is { kind: 'int' | 'float'; value: number } =>
  value.kind === 'int' || value.kind === 'float'

export const isPoisoned = (value: Evaluated): boolean =>
  value.kind === 'poison' || (value.kind === 'list' && value.items.some((item) => item.kind === 'poison'))

export const nameOfTarget = (target: CallTarget): string =>
  target.kind === 'block' ? target.declaration.name.text : target.name

/** How messages speak of a value: `the int 3`, `a tensor of 64 x 56 x 56`. */
export function describe(value: Evaluated): string {
  switch (value.kind) {
    case 'int':
      return `the int ${value.value}`
    case 'float':
      return `the float ${Number.isInteger(value.value) ? value.value.toFixed(1) : value.value}`
    case 'bool':
      return `the bool ${value.value}`
    case 'string':
      return 'a string'
    case 'list':
      return value.items.length === 0 ? 'an empty list' : `a list of ${value.items.length}`
    case 'tensor':
      return `a tensor of ${formatShape(value.type)}`
    case 'callable':
      return `${value.target.kind === 'block' ? 'a block' : 'an operator'} (\`${nameOfTarget(value.target)}\`)`
    case 'helper':
      return `the function \`${value.name}\``
    case 'poison':
      return 'a value that could not be computed'
  }
}

/** A tensor, or a list of nothing but tensors: what a pipeline can carry. */
export const isFlow = (value: Evaluated): boolean =>
  value.kind === 'tensor' ||
  (value.kind === 'list' && value.items.length > 0 && value.items.every((item) => item.kind === 'tensor'))
