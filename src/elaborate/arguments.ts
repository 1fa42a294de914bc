import { clipMiddle } from '../diagnostics/printable.ts'
import { nearest } from '../diagnostics/suggest.ts'
import type { Span } from '../source/span.ts'
import type { Place } from './place.ts'
import type { GivenArgument } from './values.ts'
import type { ParameterDeclaration } from '../parser/ast.ts'

/** A parameter as matching sees it. */
export interface Matchable {
  readonly name: string
  readonly required: boolean
  /** Whether it takes a tensor, as `x` does. */
  readonly takesTensor?: boolean
  /** How a signature shows it: `stride: int = 1`. */
  readonly text: () => string
}

/** What can be called, as matching sees it. */
interface Signature {
  readonly parameters: readonly Matchable[]
  readonly names: ReadonlySet<string>
}

export const signatureOf = (parameters: readonly Matchable[]): Signature => ({
  parameters,
  names: new Set(parameters.map(({ name }) => name)),
})

/** Signatures by the lists that they were made of: networks call the same few things thousands of times. */
const known = new WeakMap<readonly unknown[], Signature>()

/** The signature of a declaration's parameters. */
export function signatureFor<P>(
  parameters: readonly P[],
  toMatchable: (parameter: P) => Matchable,
): Signature {
  let signature = known.get(parameters)
  if (signature === undefined) {
    signature = signatureOf(parameters.map(toMatchable))
    known.set(parameters, signature)
  }
  return signature
}

/**
 * Which parameter each argument is for; `undefined` after a mistake, which is reported.
 * @param flowing what flows into a block beside its arguments, and is easily taken for one
 */
export function matchArguments(
  place: Place,
  callee: string,
  signature: Signature,
  given: readonly GivenArgument[],
  span: Span,
  flowing?: Span,
): ReadonlyMap<string, GivenArgument> | undefined {
  const { parameters } = signature
  place.step(span, parameters.length)
  const matched = new Map<string, GivenArgument>()
  const surplus = matchByPosition(parameters, given, matched)
  if (surplus !== undefined) {
    place.report('E0404', surplus.span, () => ({
      callee,
      given: given.filter(({ name }) => name === undefined).length,
      most: parameters.length,
      signature: signatureText(parameters),
    }))
    return undefined
  }
  if (!matchByName(place, callee, signature, given, matched)) return undefined
  const missing = parameters.filter(({ name, required }) => required && !matched.has(name))
  if (missing.length === 0) return matched
  place.report('E0403', span, () => {
    const isTensor = missing.some(({ takesTensor }) => takesTensor === true)
    return {
      callee,
      missing: missing.map(({ name }) => name),
      signature: signatureText(parameters),
      ...(flowing !== undefined && isTensor ? { flowing: textOf(flowing) } : {}),
    }
  })
  return undefined
}

/** The first argument for which there is no parameter any more, if there is one. */
function matchByPosition(
  parameters: readonly Matchable[],
  given: readonly GivenArgument[],
  matched: Map<string, GivenArgument>,
): GivenArgument | undefined {
  let position = 0
  for (const argument of given) {
    if (argument.name !== undefined) continue
    const parameter = parameters[position++]
    if (parameter === undefined) return argument
    matched.set(parameter.name, argument)
  }
  return undefined
}

/** False after a mistake: a misspelt name explains the missing one, so that nothing else is looked for. */
function matchByName(
  place: Place,
  callee: string,
  { names }: Signature,
  given: readonly GivenArgument[],
  matched: Map<string, GivenArgument>,
): boolean {
  let isSound = true
  for (const argument of given) {
    const { name } = argument
    if (name === undefined) continue
    if (names.has(name.text) && !matched.has(name.text)) {
      matched.set(name.text, argument)
      continue
    }
    isSound = false
    if (names.has(name.text)) place.report('E0405', argument.span, { callee, name: name.text })
    else
      place.report('E0402', name.span, () => {
        const known = [...names]
        return { callee, name: name.text, nearest: nearest(name.text, known), known }
      })
  }
  return isSound
}

/** Longer expressions are not repeated in a message. */
const LONGEST_TEXT = 60

const textOf = ({ file, start, end }: Span): string =>
  end - start > LONGEST_TEXT
    ? `${file.text.slice(start, start + LONGEST_TEXT)}...`
    : file.text.slice(start, end)

/** More parameters than this are not shown, and no more of a default than this many characters. */
const MOST_SHOWN = 40
const LONGEST_SHOWN = 80

function signatureText(parameters: readonly Matchable[]): string {
  const shown = parameters.slice(0, MOST_SHOWN).map(({ text }) => clipMiddle(text(), LONGEST_SHOWN))
  return [...shown, ...(parameters.length > MOST_SHOWN ? ['…'] : [])].join(', ')
}

/** The arguments of a call of a block, with those that the caller changes; `undefined` after a mistake, which is reported. */
export function withChanges(
  place: Place,
  block: string,
  parameters: readonly ParameterDeclaration[],
  matched: ReadonlyMap<string, GivenArgument>,
): ReadonlyMap<string, GivenArgument> | undefined {
  const { blockArguments } = place.state
  if (blockArguments.isEmpty) return matched
  const entries = blockArguments.forCall(block, place.trail.part)
  const names = parameters.map(({ name }) => name.text)
  const mistaken = entries.find(({ argument }) => !names.includes(argument.name.text))
  if (mistaken === undefined)
    return new Map([...matched, ...entries.map(({ argument }) => [argument.name.text, argument] as const)])
  const { text, span } = mistaken.argument.name
  place.state.report('E0402', span, () => {
    return { callee: block, name: text, nearest: nearest(text, names), known: names }
  })
  return undefined
}
