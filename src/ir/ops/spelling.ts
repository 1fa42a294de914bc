import type { TensorType } from '../tensor-type.ts'
import {
  isProblem,
  problem,
  type ArgumentDefinition,
  type ArgumentValue,
  type ArgumentValues,
  type Attributes,
  type Problem,
  type Spelling,
} from './definition.ts'
import type { ArgumentKind } from './kinds.ts'

/** An argument with its kind; `T` is what the operator reads. */
interface Argument<T> {
  readonly kind: ArgumentKind<T>
  readonly doc: string
  readonly default?: ArgumentValue
  readonly optional?: true
}

export const argument = <T>(kind: ArgumentKind<T>, doc: string, fallback?: ArgumentValue): Argument<T> =>
  fallback === undefined ? { kind, doc } : { kind, doc, default: fallback }

/** An argument that may be left out, where its absence means something that no value says. */
export const optional = <T>(kind: ArgumentKind<T>, doc: string): Argument<T | undefined> => ({
  kind,
  doc,
  optional: true,
})

type Arguments<G> = { readonly [K in keyof G]: Argument<G[K]> }

interface SpellingSource<G, A extends Attributes> {
  readonly name: string
  readonly doc: string
  /** In the order of positional arguments. */
  readonly arguments: Arguments<G>
  readonly attributes: (given: NoInfer<G>, inputs: readonly TensorType[]) => A | Problem
}

/** Completes a spelling: `attributes` is called with arguments that were read and keep their rules. */
export function spelling<G, A extends Attributes>(source: SpellingSource<G, A>): Spelling<A> {
  const entries = entriesOf(source.arguments)
  return {
    name: source.name,
    doc: source.doc,
    arguments: entries.map(([name, one]) => definitionOf(name, one)),
    attributes: (given, inputs) => {
      const read = readAll(entries, given)
      // Each key was just read by the kind that `Arguments<G>` gives it.
      return isProblem(read) ? read : source.attributes(read.values as G, inputs)
    },
  }
}

const entriesOf = (all: Readonly<Record<string, Argument<unknown>>>): [string, Argument<unknown>][] =>
  Object.entries(all)

const definitionOf = (name: string, { kind, doc, ...presence }: Argument<unknown>): ArgumentDefinition => ({
  name,
  type: kind.type,
  doc,
  ...presence,
})

function readAll(
  entries: readonly [string, Argument<unknown>][],
  given: ArgumentValues,
): { values: Readonly<Record<string, unknown>> } | Problem {
  const values: Record<string, unknown> = {}
  for (const [name, one] of entries) {
    const value = given[name] ?? one.default
    if (value === undefined && one.optional) continue
    const read = value === undefined ? undefined : one.kind.read(value)
    if (read === undefined) return valueProblem(name, one.kind, value)
    values[name] = read
  }
  return { values }
}

/** E0301, pointing at the argument. */
export const valueProblem = (name: string, kind: ArgumentKind<unknown>, value: unknown): Problem =>
  problem(
    'E0301',
    {
      name,
      value: valueText(value),
      rule: kind.rule,
      ...(kind.words && { allowed: kind.words.map(quoted) }),
    },
    { argument: name },
  )

const quoted = (word: string): string => JSON.stringify(word)

function valueText(value: unknown): string {
  if (value === undefined) return 'left out'
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`
  if (typeof value === 'object' && value !== null && 'name' in value) return `\`${String(value.name)}\``
  return typeof value === 'number' ? String(value) : JSON.stringify(value)
}
