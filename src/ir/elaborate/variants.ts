import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { MAX_DIAGNOSTICS } from '../../diagnostics/limits.ts'
import type { Network } from '../../parser/ast.ts'
import { matchArguments, signatureOf } from './arguments.ts'
import type { Context, Frame } from './context.ts'
import { evaluateArguments } from './evaluate-call.ts'
import { matchable } from './run-block.ts'
import type { Declared, ModuleScope } from './scopes.ts'
import type { GivenArgument } from './values.ts'

/** Variants of variants at most: the arguments of all on the way are matched anew for each. */
export const MAX_VARIANTS = 64

/** The variants at which a chain becomes too long; those that vary them use a mistaken declaration. */
export function findLongChains(all: readonly Declared[]): Diagnostic[] {
  const lengths = new Map<Declared, number>()
  for (const declared of all) {
    const chain: Declared[] = []
    let next: Declared | undefined = declared
    while (next?.declaration.kind === 'variant' && !lengths.has(next) && !chain.includes(next)) {
      chain.push(next)
      next = next.scope.names.get(next.declaration.base.text)
    }
    // Those that vary one another in a ring have no length; that they do is another mistake.
    const isRing = next !== undefined && chain.includes(next)
    let length = (next && lengths.get(next)) ?? 0
    for (const one of chain.reverse()) lengths.set(one, isRing ? 0 : ++length)
  }
  return [...lengths]
    .flatMap(([{ declaration }, length]) => {
      const facts = { name: declaration.name.text, limit: MAX_VARIANTS }
      return length === MAX_VARIANTS + 1 ? [diagnose('E0552', declaration.name.span, facts)] : []
    })
    .slice(0, MAX_DIAGNOSTICS)
}

/** The network that a variant varies. */
export interface Base {
  readonly network: Network
  readonly scope: ModuleScope
  /**
   * The arguments of all variants on the way, each by name, those of the outermost last; `undefined` after a
   * mistake, which is reported.
   */
  readonly arguments: (
    context: Context,
    frameIn: (scope: ModuleScope) => Frame,
  ) => readonly GivenArgument[] | undefined
}

/** Follows variants down to the network that they vary; `undefined` where a name leads nowhere. */
export function baseOf({ declaration, scope }: Declared): Base | undefined {
  if (declaration.kind === 'network') return { network: declaration, scope, arguments: () => [] }
  if (declaration.kind === 'block') return undefined
  const next = scope.names.get(declaration.base.text)
  const base = next === undefined ? undefined : baseOf(next)
  if (base === undefined) return undefined
  return {
    ...base,
    arguments: (context, frameIn) => {
      const inner = base.arguments(context, frameIn)
      const frame = frameIn(scope)
      const given = evaluateArguments(context, frame, declaration.base.text, declaration.arguments)
      const own = given && byName(context, frame, base.network, given, declaration.span)
      return inner && own && [...inner, ...own]
    },
  }
}

/** The arguments of one variant under the names of the network's parameters; it need not give all of them. */
function byName(
  context: Context,
  frame: Frame,
  { name, parameters }: Network,
  given: readonly GivenArgument[],
  span: GivenArgument['span'],
): readonly GivenArgument[] | undefined {
  const optional = parameters.map((parameter) => ({ ...matchable(parameter), required: false }))
  const matched = matchArguments(context, frame, name.text, signatureOf(optional), given, span)
  return (
    matched && [...matched].map(([text, argument]) => ({ ...argument, name: { text, span: argument.span } }))
  )
}
