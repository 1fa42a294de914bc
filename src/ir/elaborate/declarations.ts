import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Program } from '../../project/load.ts'
import { MAX_DIAGNOSTICS } from '../../diagnostics/limits.ts'
import { checkNames, type NameCheck } from './check-names.ts'
import { hiddenDeclarations } from './given-names.ts'
import { resolveScopes, type Declared, type ModuleScope } from './scopes.ts'

/** The most declarations that a program may have; the whole library has some hundred. */
export const MAX_DECLARATIONS = 2000

/** Every declaration of a program with its names resolved, and the mistakes found on the way. */
export interface Declarations {
  readonly entry: ModuleScope
  /** Names from outside the entry file that placed modules may use. */
  readonly library: ModuleScope['names']
  readonly diagnostics: readonly Diagnostic[]
  /** Whether the declaration, or anything that it uses, has a mistake: then it is not elaborated. */
  readonly isBroken: (declared: Declared) => boolean
}

/** A sweep builds the networks of one program thousands of times. */
const known = new WeakMap<Program, Declarations>()

/** Resolves and checks all names of a program; what is wrong with them is in the result. */
export function resolveDeclarations(program: Program): Declarations {
  const declarations = known.get(program) ?? resolve(program)
  known.set(program, declarations)
  return declarations
}

function resolve(program: Program): Declarations {
  const { entry, all, diagnostics } = resolveScopes(program)
  const declared = [...all.values()].flatMap((scope) =>
    [...scope.names.values()].filter((one) => one.scope === scope),
  )
  const hidden = [...all.values()]
    .flatMap(({ module }) => hiddenDeclarations(module))
    .slice(0, MAX_DIAGNOSTICS)
  const found = [...program.diagnostics, ...diagnostics, ...hidden]
  const last = declared[MAX_DECLARATIONS]
  if (last !== undefined) {
    const tooMany = diagnose('E0517', last.declaration.name.span, { limit: MAX_DECLARATIONS })
    return { entry, library: new Map(), diagnostics: [...found, tooMany], isBroken: () => true }
  }
  const checks = checkAll(declared)
  const everything = [
    ...found,
    ...[...checks.values()].flatMap((check) => check.diagnostics),
    ...findCycles(checks),
  ]
  const broken = reachingMistakes(checks, everything)
  const library = new Map(program.library.flatMap((path) => [...(all.get(path)?.names ?? [])]))
  return { entry, library, diagnostics: everything, isBroken: (declared) => broken.has(declared) }
}

function checkAll(declared: readonly Declared[]): ReadonlyMap<Declared, NameCheck> {
  const checks = new Map<Declared, NameCheck>()
  const ofVariants = new Map<ModuleScope, Set<string>>()
  let left = MAX_DIAGNOSTICS
  for (const one of declared) {
    const unknown = ofVariants.get(one.scope) ?? new Set()
    ofVariants.set(one.scope, unknown)
    const check = checkNames(one, left, unknown)
    left -= check.diagnostics.length
    checks.set(one, check)
  }
  return checks
}

/** One diagnostic per cycle, at the mention that closes it. */
function findCycles(checks: ReadonlyMap<Declared, NameCheck>): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  const finished = new Set<Declared>()
  const path: Declared[] = []
  const visit = (declared: Declared): void => {
    path.push(declared)
    for (const [next, span] of checks.get(declared)?.references ?? []) {
      if (path.includes(next)) {
        const chain = [...path.slice(path.indexOf(next)), next].map(
          ({ declaration }) => declaration.name.text,
        )
        if (diagnostics.length < MAX_DIAGNOSTICS) diagnostics.push(diagnose('E0208', span, { chain }))
      } else if (!finished.has(next)) visit(next)
    }
    path.pop()
    finished.add(declared)
  }
  for (const declared of checks.keys()) if (!finished.has(declared)) visit(declared)
  return diagnostics
}

/** The declarations from which a mistaken one can be reached, themselves included. */
function reachingMistakes(
  checks: ReadonlyMap<Declared, NameCheck>,
  diagnostics: readonly Diagnostic[],
): ReadonlySet<Declared> {
  const known = new Map<Declared, boolean>()
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const reaches = (declared: Declared): boolean => {
    const answer = known.get(declared)
    if (answer !== undefined) return answer
    known.set(declared, true)
    const references = [...(checks.get(declared)?.references.keys() ?? [])]
    const result = errors.some((error) => isWithin(error, declared)) || references.some(reaches)
    known.set(declared, result)
    return result
  }
  return new Set([...checks.keys()].filter(reaches))
}

function isWithin({ span }: Diagnostic, { declaration, scope }: Declared): boolean {
  if (span?.file !== scope.module.file) return false
  const inside = span.start >= declaration.span.start && span.start <= declaration.span.end
  // A mistake between declarations, an import say, may concern any of them.
  const outside = !scope.module.declarations.some(
    ({ span: own }) => span.start >= own.start && span.start <= own.end,
  )
  return inside || outside
}
