import type { Takes } from '../../diagnostics/catalogue/shapes.ts'
import { elements, type TensorType } from '../tensor-type.ts'
import { totalElements } from './cost.ts'
import {
  isProblem,
  problem,
  type Attributes,
  type Cost,
  type Counters,
  type OpDefinition,
  type Problem,
} from './definition.ts'
import type { AttributeKind } from './kinds.ts'
import { valueProblem } from './spelling.ts'

/** The attributes of an operator, each with its kind; schema and checks are derived from them. */
type Kinds<A> = { readonly [K in keyof A]: AttributeKind<A[K]> }

/** What an operator's file says; `operator` adds what follows from it. */
interface Source<N extends string, A extends Attributes, C extends Counters> extends Omit<
  OpDefinition<NoInfer<A>>,
  'name' | 'schema' | 'inputs' | 'counters'
> {
  readonly name: N
  readonly counters: C
  readonly takes: Takes
  /** Default: exactly one. */
  readonly inputs?: { readonly min: number; readonly max: number }
  readonly attributes: Kinds<A>
}

/** An operator whose type says its name, its attributes and what counters know of it. */
export type Operator<N extends string, A extends Attributes, C extends Counters> = OpDefinition<A> & {
  readonly name: N
  readonly counters: C
}

/** Most elements of one tensor: 4 TiB of float32, beyond any device, and far within safe integers. */
export const MAX_ELEMENTS = 2 ** 40

/**
 * Completes an operator: its schema, and the checks all operators share (number and rank of inputs, ranges of
 * attributes, bounds of results), so that each file holds its own rules only.
 */
export function operator<const N extends string, A extends Attributes, const C extends Counters>(
  source: Source<N, A, C>,
): Operator<N, A, C> {
  const { takes, attributes: kinds, inputs: arity = { min: 1, max: 1 }, ...definition } = source
  const entries = entriesOf(kinds)
  const inputProblem = (inputs: readonly TensorType[]): Problem | undefined =>
    arityProblem(source.name, arity, inputs.length) ??
    rankProblem(source.name, takes, inputs) ??
    dtypeProblem(source.name, inputs)
  const complete: Operator<N, A, C> = {
    ...definition,
    inputs: arity,
    schema: schemaOf(kinds),
    spellings: source.spellings.map((spelling) => ({
      ...spelling,
      attributes: (given, inputs) => inputProblem(inputs) ?? spelling.attributes(given, inputs),
    })),
    infer: (attributes, inputs) => {
      const fault = inputProblem(inputs) ?? attributeProblem(entries, attributes)
      if (fault !== undefined) return fault
      const outputs = inDtypeOf(inputs, source.infer(attributes, inputs))
      return isProblem(outputs) ? outputs : (boundsProblem(complete, attributes, inputs, outputs) ?? outputs)
    },
  }
  return complete
}

const schemaOf = <A extends Attributes>(kinds: Kinds<A>): Readonly<Record<string, unknown>> => ({
  type: 'object',
  properties: Object.fromEntries(entriesOf(kinds).map(([name, kind]) => [name, kind.schema])),
  required: Object.keys(kinds),
  additionalProperties: false,
})

const entriesOf = (
  kinds: Readonly<Record<string, AttributeKind<unknown>>>,
): [string, AttributeKind<unknown>][] => Object.entries(kinds)

function attributeProblem(
  entries: readonly [string, AttributeKind<unknown>][],
  attributes: Attributes,
): Problem | undefined {
  for (const [name, kind] of entries) {
    const value = attributes[name]
    if (!kind.accepts(value)) return valueProblem(name, kind, value)
  }
  return undefined
}

function arityProblem(op: string, arity: { min: number; max: number }, given: number): Problem | undefined {
  return given >= arity.min && given <= arity.max ? undefined : problem('E0306', { op, given, ...arity })
}

const ranks: Record<Takes, (shape: readonly number[]) => boolean> = {
  map: (shape) => shape.length === 3,
  any: (shape) => shape.length === 1 || shape.length === 3,
  features: (shape) => shape.length === 1 || (shape.length === 3 && shape[1] === 1 && shape[2] === 1),
}

function rankProblem(op: string, takes: Takes, inputs: readonly TensorType[]): Problem | undefined {
  const input = inputs.findIndex(({ shape }) => !ranks[takes](shape))
  const wrong = inputs[input]
  return wrong && problem('E0302', { op, shape: wrong.shape, takes }, { input })
}

/** Operators compute in the dtype of what they read: all that they read is of one. */
function dtypeProblem(op: string, inputs: readonly TensorType[]): Problem | undefined {
  const [first] = inputs
  const input = inputs.findIndex(({ dtype }) => dtype !== first?.dtype)
  const other = inputs[input]
  if (first === undefined || other === undefined) return undefined
  return problem('E0322', { op, first: first.dtype, other: other.dtype }, { input })
}

/** An operator's rule speaks of shapes; its results have the dtype of its inputs. */
function inDtypeOf(
  [first]: readonly TensorType[],
  results: readonly TensorType[] | Problem,
): readonly TensorType[] | Problem {
  if (isProblem(results) || first === undefined || first.dtype === 'float32') return results
  return results.map(({ shape }) => ({ dtype: first.dtype, shape }))
}

function boundsProblem<A extends Attributes>(
  { name: op, parameters, cost }: OpDefinition<A>,
  attributes: A,
  inputs: readonly TensorType[],
  outputs: readonly TensorType[],
): Problem | undefined {
  const huge = outputs.find((output) => elements(output) > MAX_ELEMENTS)
  if (huge !== undefined) return tooLarge(op, 'result', huge.shape)
  const made = parameters?.(attributes, inputs) ?? []
  const sizes = made.map(({ shape }) => elements({ shape }))
  const vast = made[sizes.findIndex((size) => size > MAX_ELEMENTS)]
  if (vast !== undefined) return tooLarge(op, 'parameter', vast.shape)
  const largest = Math.max(kernelArea(attributes), ...sizes)
  // No operator does more to an element than its parameters, its window or its inputs are many: most need no sum.
  const most = totalElements(outputs) * Math.max(largest, inputs.length, MOST_PER_ELEMENT)
  if (most <= Number.MAX_SAFE_INTEGER) return undefined
  return workProblem(op, cost(attributes, inputs, outputs))
}

function tooLarge(op: string, what: 'result' | 'parameter', shape: readonly number[]): Problem {
  const amount = elements({ shape })
  return problem('E0320', { op, what, amount, limit: MAX_ELEMENTS, shape })
}

/** More than any activation or norm does to an element, per-channel work included. */
const MOST_PER_ELEMENT = 64

const kernelArea = ({ kernel }: Attributes): number =>
  typeof kernel === 'object' ? kernel.reduce((area, side) => area * side, 1) : 1

/** E0320 where work is beyond what a double counts exactly. Sums over a graph are checked where they are made. */
function workProblem(op: string, { inference }: Cost): Problem | undefined {
  const amount = Math.max(inference.macs + inference.fixedMacs, inference.arithmetic)
  const limit = Number.MAX_SAFE_INTEGER
  return amount <= limit ? undefined : problem('E0320', { op, what: 'work', amount, limit })
}
