import type { Block, Name } from '../../parser/ast.ts'
import type { Span } from '../../source/span.ts'
import { formatShape, type TensorType } from '../tensor-type.ts'
import type { ValueId } from '../graph.ts'
import type { ModuleScope } from './scopes.ts'

/** What an expression evaluates to at compile time. */
export type Value =
  | { readonly kind: 'int' | 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
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
  readonly value: Value
  readonly span: Span
}

/** A compile-time function such as `round_to`. */
export interface Helper {
  readonly kind: 'helper'
  readonly name: string
}

/** The result of a mistake that was reported: whatever uses it stays silent. */
export interface Poison {
  readonly kind: 'poison'
}

export const poison: Poison = { kind: 'poison' }
export const int = (value: number): Value => ({ kind: 'int', value })
export const float = (value: number): Value => ({ kind: 'float', value })
export const bool = (value: boolean): Value => ({ kind: 'bool', value })
export const string = (value: string): Value => ({ kind: 'string', value })

export const isNumber = (value: Value): value is { kind: 'int' | 'float'; value: number } =>
  value.kind === 'int' || value.kind === 'float'

export const isPoisoned = (value: Value): boolean =>
  value.kind === 'poison' || (value.kind === 'list' && value.items.some((item) => item.kind === 'poison'))

export const nameOfTarget = (target: CallTarget): string =>
  target.kind === 'block' ? target.declaration.name.text : target.name

/** How messages speak of a value: `the int 3`, `a tensor of 64 x 56 x 56`. */
export function describe(value: Value): string {
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
export const isFlow = (value: Value): boolean =>
  value.kind === 'tensor' ||
  (value.kind === 'list' && value.items.length > 0 && value.items.every((item) => item.kind === 'tensor'))
