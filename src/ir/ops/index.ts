import { activationOperators } from './activation-operators.ts'
import { arithmetic } from './arithmetic.ts'
import type { Attributes, OpDefinition, Spelling } from './definition.ts'
import { filterOperators } from './filters.ts'
import { norms } from './norms.ts'
import { pools } from './pools.ts'
import { rearrangements } from './rearrangements.ts'
import { regularisation } from './regularisation.ts'

/** Every primitive operator, by the name that the IR gives it. */
const operators = {
  ...filterOperators,
  ...norms,
  ...activationOperators,
  ...arithmetic,
  ...pools,
  ...rearrangements,
  ...regularisation,
} as const

export type OpName = keyof typeof operators

/** The operators that at least one counting tool has a rule for. */
export type CountedOpName = {
  [N in OpName]: (typeof operators)[N] extends { readonly counters: 'rules' } ? N : never
}[OpName]

/** Attributes of one operator, as backends read them. */
export type AttributesOf<N extends OpName> = (typeof operators)[N] extends OpDefinition<infer A> ? A : never

/** In the order of the reference: by file, and as each file lists its own. */
export const opNamesInOrder = Object.keys(operators) as readonly OpName[]

/** In the order of the alphabet. */
export const opNames = [...opNamesInOrder].sort()

export const isOpName = (name: string): name is OpName => Object.hasOwn(operators, name)

/**
 * The record of an operator whose name is known at run time only. The attributes of a node are its own
 * operator's: spellings make them, and `infer` refuses others before it reads them.
 */
export const operatorOf = (name: OpName): OpDefinition => operators[name] as unknown as OpDefinition

/** What `.arch` calls operators: the name there, the operator, and how arguments become attributes. */
export const spellings: ReadonlyMap<
  string,
  { readonly op: OpName; readonly spelling: Spelling<Attributes> }
> = new Map(
  opNames.flatMap((op) =>
    operatorOf(op).spellings.map((spelling) => [spelling.name, { op, spelling }] as const),
  ),
)
