import { diagnose, MAX_DIAGNOSTICS } from '../diagnostics/diagnose.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { nearest } from '../diagnostics/suggest.ts'
import type { Program } from '../project/load.ts'
import type { Graph } from '../ir/graph.ts'
import { keyOf, MAX_CHECK_STEPS, MAX_STEPS } from './place.ts'
import { resolveDeclarations, type Declarations } from './declarations.ts'
import { elaborateNetwork, type BuildInput, type BuildOptions } from './network.ts'
import { noPlacements, type Placements } from './changes.ts'
import type { Declared, ModuleScope } from './scopes.ts'

export interface ElaborateOptions extends BuildOptions {
  /** Which network of the file; needed where it declares several. */
  readonly network?: string
  /** Modules to put into slots and to take out of them, over what the spec says. */
  readonly placements?: Omit<Placements, 'scope'>
}

export interface Elaboration {
  /** Absent when there are errors. */
  readonly graph?: Graph
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Turns one network of a program into a graph: names, types, slots and loops are resolved, every tensor has a
 * shape. It always ends, within the limits stated in `place.ts` and `ir/limits.ts`.
 */
export function elaborate(program: Program, options: ElaborateOptions = {}): Elaboration {
  const declarations = resolveDeclarations(program)
  const { diagnostics } = declarations
  const chosen = choose(declarations.entry, options.network)
  if ('code' in chosen) return { diagnostics: diagnostics.length > 0 ? diagnostics : [chosen] }
  if (declarations.isBroken(chosen)) return { diagnostics }
  const { graph, state } = elaborateNetwork(chosen, inputOf(options, declarations))
  const all = [...diagnostics, ...state.diagnostics, ...state.warnings]
  return graph === undefined ? { diagnostics: all } : { graph: graph(), diagnostics: all }
}

/**
 * Every mistake of the entry file and of what it uses, from building each of its networks, or the one that the
 * options are about; a warning for a network that nothing could build.
 */
export function checkProgram(program: Program, options: ElaborateOptions = {}): readonly Diagnostic[] {
  const declarations = resolveDeclarations(program)
  const chosen = isParticular(options) ? choose(declarations.entry, options.network) : undefined
  if (chosen !== undefined && 'code' in chosen)
    return declarations.diagnostics.length > 0 ? declarations.diagnostics : [chosen]
  const found = new Map(declarations.diagnostics.map((diagnostic) => [keyOf(diagnostic), diagnostic]))
  const input = inputOf(options, declarations)
  let left = MAX_CHECK_STEPS
  for (const declared of chosen === undefined ? buildable(declarations.entry) : [chosen]) {
    if (left <= 0 || found.size >= MAX_DIAGNOSTICS) break
    if (declarations.isBroken(declared)) continue
    const { state } = elaborateNetwork(declared, input, Math.min(left, MAX_STEPS))
    left -= state.stepsTaken
    for (const diagnostic of [...state.diagnostics, ...state.warnings]) {
      const key = keyOf(diagnostic)
      if (!found.has(key)) found.set(key, diagnostic)
    }
  }
  const rest = chosen === undefined ? unbuilt(declarations.entry) : []
  return [...found.values(), ...rest.slice(0, Math.max(0, MAX_DIAGNOSTICS - found.size))]
}

const inputOf = (options: ElaborateOptions, { library, replays }: Declarations): BuildInput => ({
  ...options,
  replays,
  placements: { ...noPlacements, ...options.placements, scope: library },
})

/** Options that are about one network rather than all of a file. */
const isParticular = ({ network, settings, placements }: ElaborateOptions): boolean =>
  network !== undefined ||
  (settings?.size ?? 0) > 0 ||
  (placements?.with.length ?? 0) + (placements?.without.length ?? 0) > 0

/** The networks that the entry file declares and that can be built without settings. */
export function networkNames(program: Program): readonly string[] {
  return buildable(resolveDeclarations(program).entry).map(({ declaration }) => declaration.name.text)
}

/** Networks and variants of the file itself; a network that lacks defaults is a pattern for its variants. */
const buildable = (scope: ModuleScope): readonly Declared[] => declaredNetworks(scope).filter(isComplete)

const declaredNetworks = (scope: ModuleScope): readonly Declared[] =>
  [...scope.names.values()].filter((one) => one.scope === scope && one.declaration.kind !== 'block')

/** Networks that want arguments which no variant of the file gives: only their names were checked. */
function unbuilt(scope: ModuleScope): readonly Diagnostic[] {
  const networks = declaredNetworks(scope)
  const bases = new Set(
    networks.map(({ declaration }) => (declaration.kind === 'variant' ? declaration.base.text : '')),
  )
  return networks.flatMap((network) => {
    const { text, span } = network.declaration.name
    const missing = withoutDefault(network)
    return missing.length === 0 || bases.has(text)
      ? []
      : [diagnose('E0520', span, { network: text, missing })]
  })
}

const isComplete = (network: Declared): boolean => withoutDefault(network).length === 0

/** The parameters of a network that an argument must give; a variant gives them itself. */
function withoutDefault({ declaration }: Declared): readonly string[] {
  if (declaration.kind !== 'network') return []
  return declaration.parameters.filter((one) => one.default === undefined).map(({ name }) => name.text)
}

function choose(scope: ModuleScope, wanted: string | undefined): Declared | Diagnostic {
  const networks = buildable(scope)
  const known = networks.map(({ declaration }) => declaration.name.text)
  const at = { path: scope.module.file.path }
  if (wanted !== undefined) {
    const found = scope.names.get(wanted)
    if (found !== undefined && found.declaration.kind !== 'block') return found
    return diagnose('E0210', at, { name: wanted, nearest: nearest(wanted, known), known })
  }
  const candidates = networks.length > 0 ? networks : declaredNetworks(scope)
  const [only] = candidates
  if (only === undefined) return diagnose('E0212', at, at)
  if (candidates.length === 1) return only
  return diagnose('E0211', at, { known: candidates.map(({ declaration }) => declaration.name.text) })
}
