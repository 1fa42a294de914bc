import { nearest } from '../diagnostics/suggest.ts'
import type { Graph, ValueId } from '../ir/graph.ts'
import { tensor } from '../ir/tensor-type.ts'
import type { Expression, InputSize, Metadata, Network } from '../parser/ast.ts'
import type { Span } from '../source/span.ts'
import { matchArguments, signatureFor, signatureOf } from './arguments.ts'
import { isForBlocks, noPlacements, type Placements } from './changes.ts'
import { evaluate, evaluateArguments, integer } from './expressions.ts'
import { PathNames } from './graph-builder.ts'
import { checkStatistics, completeMetadata, takeMetadata, type GivenMetadata } from './metadata.ts'
import { ElaborationState, LimitReached, noSlots, Place, type BlockRunner } from './place.ts'
import { Replays } from './replay.ts'
import type { Declared, ModuleScope } from './scopes.ts'
import { checkPlacements, runPart, runStage } from './stages.ts'
import { bindParameters, matchable, runBlock, runStatements, type NetworkStatements } from './statements.ts'
import { noteUses } from './uses.ts'
import { describe, isFlow, type Evaluated, type GivenArgument } from './values.ts'

export interface BuildOptions {
  /**
   * Values for the network's parameters, over those of variants and defaults; and under a name such as `se.reduction` or
   * `layer3.se.reduction`, for a parameter of a block in all of its calls, or in those of one part.
   */
  readonly settings?: ReadonlyMap<string, Expression>
  /** [C, H, W] in place of the size that the network declares, or [H, W] with the channels that it declares. */
  readonly inputSize?: readonly number[]
}

/** What the program adds to the options. */
export interface BuildInput extends BuildOptions {
  /** Changes of the modules in slots, and the names that placed modules may use. */
  readonly placements?: Placements
  /** What blocks of the program did before; absent where each call is to be elaborated anew. */
  readonly replays?: Replays
}

interface Built {
  /** Makes the graph; absent where there are mistakes. A check does not call it. */
  readonly graph?: () => Graph
  readonly state: ElaborationState
}

/**
 * Elaborates one network, or variant of one, into a graph.
 * @param most the steps that it may take; without, `MAX_STEPS`
 */
export function elaborateNetwork(declared: Declared, options: BuildInput, most?: number): Built {
  const state = new ElaborationState(runnerFor(options), options.placements ?? noPlacements, most)
  try {
    const graph = new NetworkBuild(state, declared, options).build()
    return graph === undefined || state.diagnostics.length > 0 ? { state } : { graph, state }
  } catch (stopped) {
    if (stopped instanceof LimitReached) return { state }
    throw stopped
  }
}

/** Where arguments of blocks are changed, a call says less of what its block does: then replays are of this network alone. */
function runnerFor({ replays, settings }: BuildInput): BlockRunner {
  if (replays === undefined) return runBlock
  const changesBlocks = [...(settings?.keys() ?? [])].some(isForBlocks)
  return (changesBlocks ? new Replays() : replays).around(runBlock)
}

class NetworkBuild implements NetworkStatements {
  private readonly given: GivenMetadata = new Map()
  private declaredSize: readonly number[] | undefined
  private actualSize: readonly number[] = []
  private readonly name: string

  constructor(
    private readonly state: ElaborationState,
    private readonly declared: Declared,
    private readonly options: BuildInput,
  ) {
    this.name = declared.declaration.name.text
  }

  build(): (() => Graph) | undefined {
    const base = baseOf(this.declared)
    if (base === undefined) return undefined
    const { network, scope } = base
    noteUses(network)
    const place = this.placeIn(scope)
    const own = base.arguments((at) => this.placeIn(at))
    if (own === undefined) return undefined
    // Later ones win: the base's arguments, then each variant's, then the command line's.
    const latest = new Map([...own, ...this.settings(network, place)].map((one) => [one.name?.text, one]))
    const signature = signatureFor(network.parameters, matchable)
    const { span } = this.declared.declaration.name
    const matched = matchArguments(place, network.name.text, signature, [...latest.values()], span)
    if (matched === undefined || !bindParameters(place, place, network.parameters, matched)) return undefined
    const returned = runStatements(place, network.body, this)
    return this.finish(network, place, returned)
  }

  /** The body of the network, where the names of that file are in sight. */
  private placeIn(scope: ModuleScope): Place {
    return new Place(this.state, {
      kind: 'network',
      name: this.name,
      scope,
      variables: new Map(),
      naming: new PathNames(''),
      slots: noSlots,
      trail: { network: this.name, blocks: [] },
    })
  }

  private settings(network: Network, place: Place): readonly GivenArgument[] {
    const known = network.parameters.map(({ name }) => name.text)
    return [...(this.options.settings ?? [])].flatMap(([name, expression]) => {
      const { span } = expression
      if (isForBlocks(name)) {
        this.state.blockArguments.add(name, { value: evaluate(place, expression), span })
        return []
      }
      if (known.includes(name))
        return [{ name: { text: name, span }, value: evaluate(place, expression), span }]
      this.state.report('E0417', span, () => {
        return { name, network: this.name, nearest: nearest(name, known), known }
      })
      return []
    })
  }

  private finish(
    network: Network,
    place: Place,
    returned: readonly Evaluated[] | undefined,
  ): (() => Graph) | undefined {
    const { state } = this
    if (state.diagnostics.length === 0) {
      checkPlacements(place)
      this.checkBlockArguments()
    }
    if (state.diagnostics.length > 0) return undefined
    const at = network.name.span
    const results = returned ?? [place.variables.get('x')].flatMap((x) => (x === undefined ? [] : [x]))
    const flat = results.flatMap((value) => (value.kind === 'list' ? value.items : [value]))
    const odd = results.find((value) => !isFlow(value))
    if (this.declaredSize === undefined) state.report('E0505', at, { network: this.name })
    else if (odd !== undefined)
      state.report('E0512', at, { what: describe(odd), wanted: 'what a network returns' })
    else if (state.builder.size === 0) state.report('E0516', at, { network: this.name })
    else if (checkStatistics(place, this.given, this.declaredSize)) {
      const metadata = completeMetadata(this.given, this.declaredSize, this.actualSize)
      const doc = this.declared.declaration.doc ?? network.doc
      const outputs = flat.flatMap((value) => (value.kind === 'tensor' ? [value.id] : []))
      this.judgeUnused(at, outputs, returned !== undefined)
      return state.diagnostics.length > 0
        ? undefined
        : () => state.builder.finish(this.name, doc, metadata, outputs)
    }
    return undefined
  }

  /** Reports changed arguments of blocks that the network does not have. */
  private checkBlockArguments(): void {
    const { unused, calledBlocks: known } = this.state.blockArguments
    for (const { setting, block, argument } of unused)
      this.state.report('E0521', argument.span, () => {
        return { setting, block, network: this.name, nearest: nearest(block, known), known }
      })
  }

  /** Warns of work that reaches no output; it is a mistake where that is all work. */
  private judgeUnused(at: Span, outputs: readonly ValueId[], returns: boolean): void {
    const { builder, unused, partNames } = this.state
    if (outputs.every((id) => builder.isInput(id)))
      this.state.report(
        'E0516',
        at,
        { network: this.name },
        {
          help: 'its result is its input: make what it computes a part, such as `head = ...`, or `return` it',
        },
      )
    else this.state.warnings = unused.warnings({ outputs, parts: partNames.size, returns })
  }

  input(place: Place, { dimensions, span }: InputSize): void {
    if (this.declaredSize !== undefined) {
      this.state.report('E0203', span, { name: 'input', what: 'statement' })
      return
    }
    const sizes = dimensions.map((size) => integer(place, size, 'a size of the input'))
    const known = sizes.flatMap((size) => (size === undefined ? [] : [size]))
    const sound = known.length === sizes.length && this.checkSize(known, span)
    this.declaredSize = sound ? known : []
    this.actualSize = sizeOf(this.options.inputSize, known)
    if (!sound || !this.checkSize(this.actualSize, span)) {
      place.variables.set('x', { kind: 'poison' })
      return
    }
    const type = tensor(...this.actualSize)
    place.variables.set('x', { kind: 'tensor', id: this.state.builder.input(type), type })
  }

  private checkSize(sizes: readonly number[], span: Span): boolean {
    const sound =
      sizes.length === 3 && sizes.every((size) => Number.isInteger(size) && size >= 1 && size <= 65536)
    if (!sound) this.state.report('E0514', span, { value: sizes.join(' x ') })
    return sound
  }

  metadata(place: Place, statement: Metadata): void {
    takeMetadata(place, statement, this.given)
  }

  stage = runStage
  part = runPart
}

/** The size that was asked for; with two numbers, the channels are those declared. */
function sizeOf(wanted: readonly number[] | undefined, declared: readonly number[]): readonly number[] {
  if (wanted?.length === 2) return [...declared.slice(0, 1), ...wanted]
  return wanted ?? declared
}

/** The network that a variant varies. */
interface Base {
  readonly network: Network
  readonly scope: ModuleScope
  /**
   * The arguments of all variants on the way, each by name, those of the outermost last; `undefined` after a
   * mistake, which is reported.
   */
  readonly arguments: (placeIn: (scope: ModuleScope) => Place) => readonly GivenArgument[] | undefined
}

/** Follows variants down to the network that they vary; `undefined` where a name leads nowhere. */
function baseOf({ declaration, scope }: Declared): Base | undefined {
  if (declaration.kind === 'network') return { network: declaration, scope, arguments: () => [] }
  if (declaration.kind === 'block') return undefined
  const next = scope.names.get(declaration.base.text)
  const base = next === undefined ? undefined : baseOf(next)
  if (base === undefined) return undefined
  return {
    ...base,
    arguments: (placeIn) => {
      const inner = base.arguments(placeIn)
      const place = placeIn(scope)
      const given = evaluateArguments(place, declaration.base.text, declaration.arguments)
      const own = given && byName(place, base.network, given, declaration.span)
      return inner && own && [...inner, ...own]
    },
  }
}

/** The arguments of one variant under the names of the network's parameters; it need not give all of them. */
function byName(
  place: Place,
  { name, parameters }: Network,
  given: readonly GivenArgument[],
  span: GivenArgument['span'],
): readonly GivenArgument[] | undefined {
  const optional = parameters.map((parameter) => ({ ...matchable(parameter), required: false }))
  const matched = matchArguments(place, name.text, signatureOf(optional), given, span)
  return (
    matched && [...matched].map(([text, argument]) => ({ ...argument, name: { text, span: argument.span } }))
  )
}
