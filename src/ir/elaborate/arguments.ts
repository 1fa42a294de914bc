import { nearest } from '../../diagnostics/suggest.ts'
import type { Span } from '../../source/span.ts'
import type { Context, Frame } from './context.ts'
import type { GivenArgument } from './values.ts'

/** A parameter as matching sees it. */
export interface Matchable {
  readonly name: string
  readonly required: boolean
  /** How a signature shows it: `stride: int = 1`. */
  readonly text: () => string
}

/** Which parameter each argument is for; `undefined` after a mistake, which is reported. */
export function matchArguments(
  context: Context,
  frame: Frame,
  callee: string,
  parameters: readonly Matchable[],
  given: readonly GivenArgument[],
  span: Span,
): ReadonlyMap<string, GivenArgument> | undefined {
  context.step(span, parameters.length)
  const names = new Set(parameters.map(({ name }) => name))
  const matched = new Map<string, GivenArgument>()
  let faults = 0
  const fail = () => faults++
  const positional = given.filter(({ name }) => name === undefined)
  if (positional.length > parameters.length) {
    const at = positional[parameters.length]?.span ?? span
    const facts = {
      callee,
      given: positional.length,
      most: parameters.length,
      signature: signatureOf(parameters),
    }
    context.reportIn(frame, 'E0404', at, facts)
    return undefined
  }
  positional.forEach((argument, index) => matched.set(parameters[index]?.name ?? '', argument))
  for (const argument of given) {
    const { name } = argument
    if (name === undefined) continue
    if (!names.has(name.text)) {
      const known = [...names]
      const facts = { callee, name: name.text, nearest: nearest(name.text, known), known }
      context.reportIn(frame, 'E0402', name.span, facts)
      fail()
    } else if (matched.has(name.text)) {
      context.reportIn(frame, 'E0405', argument.span, { callee, name: name.text })
      fail()
    } else matched.set(name.text, argument)
  }
  const missing = parameters
    .filter(({ name, required }) => required && !matched.has(name))
    .map(({ name }) => name)
  // A misspelt name explains the missing one: one mistake, one error.
  if (faults === 0 && missing.length > 0) {
    context.reportIn(frame, 'E0403', span, { callee, missing, signature: signatureOf(parameters) })
    fail()
  }
  return faults === 0 ? matched : undefined
}

const signatureOf = (parameters: readonly Matchable[]): string =>
  parameters.map(({ text }) => text()).join(', ')
