import type { TypeReference } from '../../parser/ast.ts'
import { operatorOf, spellings } from '../ops/index.ts'
import { float, type Value } from './values.ts'

/** The types that a parameter of a block or network can have; lists are written `int[]`. */
export const typeNames = ['int', 'float', 'bool', 'string', 'tensor', 'activation', 'block'] as const
export type TypeName = (typeof typeNames)[number]

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
  value: Value,
  type: Pick<TypeReference, 'rank'>,
  name: TypeName,
  count: (items: number) => void,
  rank = type.rank,
): Value | undefined {
  if (rank === 0) return conformItem(value, name)
  if (value.kind !== 'list') return undefined
  count(value.items.length)
  const items: Value[] = []
  for (const item of value.items) {
    const fitting = item.kind === 'poison' ? item : conform(item, type, name, count, rank - 1)
    if (fitting === undefined) return undefined
    items.push(fitting)
  }
  return { kind: 'list', items }
}

function conformItem(value: Value, name: TypeName): Value | undefined {
  if (name === 'float' && value.kind === 'int') return float(value.value)
  if (name === 'block') return value.kind === 'callable' ? value : undefined
  if (name === 'activation') return isActivation(value) ? value : undefined
  return value.kind === name ? value : undefined
}

/** Whether the type `activation` takes it: an operator that is one, with its arguments or without, or `none`. */
export function isActivation(value: Value): boolean {
  if (value.kind !== 'callable') return false
  if (value.target.kind === 'identity') return true
  if (value.target.kind === 'block') return false
  const spelled = spellings.get(value.target.name)
  return spelled !== undefined && operatorOf(spelled.op).isActivation === true
}
