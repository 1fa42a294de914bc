import { diagnose, MAX_DIAGNOSTICS } from '../diagnostics/diagnose.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { type Declared, type ModuleScope, resolveScopes } from './scopes.ts'
import type { Program } from '../project/load.ts'
import type { SourceFile } from '../source/source-file.ts'
import type { Span } from '../source/span.ts'
import { checkNames, type NameCheck } from './check-names.ts'
import { hiddenDeclarations } from './given-names.ts'
import { Replays } from './replay.ts'

/** Variants of variants at most: the arguments of all on the way are matched anew for each. */
export const MAX_VARIANTS = 64

/** The variants at which a chain becomes too long; those that vary them use a mistaken declaration. */
function findLongChains(all: readonly Declared[]): Diagnostic[] {
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
  /** What blocks did that were elaborated: the networks of a program, and the points of a sweep, share most of them. */
  readonly replays: Replays
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
  const declared = [...new Set(all.values())].flatMap((scope) =>
    [...scope.names.values()].filter((one) => one.scope === scope),
  )
  const hidden = [...new Set(all.values())]
    .flatMap(({ module }) => hiddenDeclarations(module))
    .slice(0, MAX_DIAGNOSTICS)
  const found = [...program.diagnostics, ...diagnostics, ...hidden]
  const last = declared[MAX_DECLARATIONS]
  if (last !== undefined) {
    const tooMany = diagnose('E0517', last.declaration.name.span, { limit: MAX_DECLARATIONS })
    return {
      entry,
      library: new Map(),
      diagnostics: [...found, tooMany],
      isBroken: () => true,
      replays: new Replays(),
    }
  }
  const checks = checkAll(declared)
  const everything = [
    ...found,
    ...[...checks.values()].flatMap((check) => check.diagnostics),
    ...findCycles(checks),
    ...findLongChains(declared),
  ]
  const broken = reachingMistakes(checks, everything)
  const library = new Map(program.library.flatMap((path) => [...(all.get(path)?.names ?? [])]))
  return {
    entry,
    library,
    diagnostics: everything,
    isBroken: (declared) => broken.has(declared),
    replays: new Replays(),
  }
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

/** A declaration that is being visited, and its references that are still to be followed. */
interface Visit {
  readonly declared: Declared
  readonly references: Iterator<readonly [Declared, Span], undefined>
}

/** One diagnostic per cycle, at the mention that closes it. A loop: chains of references are as long as a program. */
function findCycles(checks: ReadonlyMap<Declared, NameCheck>): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  const begun = new Set<Declared>()
  const path: Visit[] = []
  const onPath = new Set<Declared>()
  const begin = (declared: Declared): void => {
    begun.add(declared)
    onPath.add(declared)
    path.push({ declared, references: [...(checks.get(declared)?.references ?? [])].values() })
  }
  for (const root of checks.keys()) {
    if (!begun.has(root)) begin(root)
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const [declared, span] = top.references.next().value ?? []
      if (declared === undefined || span === undefined) onPath.delete(path.pop()?.declared ?? root)
      else if (!begun.has(declared)) begin(declared)
      else if (onPath.has(declared) && diagnostics.length < MAX_DIAGNOSTICS)
        diagnostics.push(cycleAt(path, declared, span))
    }
  }
  return diagnostics
}

function cycleAt(path: readonly Visit[], closing: Declared, span: Span): Diagnostic {
  const from = path.findIndex(({ declared }) => declared === closing)
  const names = [...path.slice(from).map(({ declared }) => declared), closing]
  return diagnose('E0208', span, { chain: names.map(({ declaration }) => declaration.name.text) })
}

/** The declarations from which a mistaken one can be reached, themselves included. */
function reachingMistakes(
  checks: ReadonlyMap<Declared, NameCheck>,
  diagnostics: readonly Diagnostic[],
): ReadonlySet<Declared> {
  const users = new Map<Declared, Declared[]>()
  for (const [user, { references }] of checks)
    for (const used of references.keys()) {
      const others = users.get(used)
      if (others === undefined) users.set(used, [user])
      else others.push(user)
    }
  const reached = new Set<Declared>()
  const open = mistaken(checks, diagnostics)
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next)) continue
    reached.add(next)
    open.push(...(users.get(next) ?? []))
  }
  return reached
}

/** The declarations with a mistake of their own. */
function mistaken(checks: ReadonlyMap<Declared, NameCheck>, diagnostics: readonly Diagnostic[]): Declared[] {
  const byFile = new Map<SourceFile, Declared[]>()
  for (const declared of checks.keys()) {
    const { file } = declared.scope.module
    const others = byFile.get(file)
    if (others === undefined) byFile.set(file, [declared])
    else others.push(declared)
  }
  return diagnostics.flatMap(({ span, severity }) => {
    if (span === undefined || severity !== 'error') return []
    const ofFile = byFile.get(span.file) ?? []
    const around = ofFile[0]?.scope.module.declarations.some((one) => isWithin(span, one)) === true
    // A mistake between declarations, an import say, may concern any of them.
    return around ? ofFile.filter(({ declaration }) => isWithin(span, declaration)) : ofFile
  })
}

const isWithin = ({ start }: Span, { span }: Declared['declaration']): boolean =>
  start >= span.start && start <= span.end
