import type { Expression, Input, Network } from '../parser/ast.ts'
import { nearest } from '../diagnostics/suggest.ts'
import type { Span } from '../source/span.ts'
import type { Graph, ValueId } from '../ir/graph.ts'
import { tensor } from '../ir/tensor-type.ts'
import { matchArguments, signatureFor, isForBlocks } from './arguments.ts'
import { Context, LimitReached, noSlots, type Frame } from './context.ts'
import { evaluate, integer } from './evaluate.ts'
import { completeMetadata, checkStatistics, executeMetadata, type GivenMetadata } from './metadata.ts'
import { Naming } from './graph-builder.ts'
import { checkPlacements, noPlacements, type Placements } from './placements.ts'
import { executePart } from './parts.ts'
import { bindParameters, matchable, runBlock, execute, type NetworkStatements } from './statements.ts'
import type { Declared, ModuleScope } from './scopes.ts'
import { executeStage } from './stage.ts'
import { noteUses } from './uses.ts'
import { baseOf } from './declarations.ts'
import { describe, isFlow, type GivenArgument, type Value } from './values.ts'

export interface BuildOptions {
  /**
   * Values for the network's parameters, over those of variants and defaults; and under a name such as `se.reduction` or
   * `layer3.se.reduction`, for a parameter of a block in all of its calls, or in those of one part.
   */
  readonly settings?: ReadonlyMap<string, Expression>
  /** [C, H, W] in place of the size that the network declares, or [H, W] with the channels that it declares. */
  readonly inputSize?: readonly number[]
}

/** What the program adds to the options: names that placed modules may use. */
export interface BuildInput extends BuildOptions {
  readonly placements?: Placements
}

interface Built {
  /** Makes the graph; absent where there are mistakes. Who only checks does without. */
  readonly graph?: () => Graph
  readonly context: Context
}

/**
 * Elaborates one network, or variant of one, into a graph.
 * @param most the steps that it may take; without, `MAX_STEPS`
 */
export function buildNetwork(declared: Declared, options: BuildInput, most?: number): Built {
  const context = new Context(runBlock, options.placements ?? noPlacements, most)
  try {
    const graph = new NetworkBuild(context, declared, options).build()
    return graph === undefined || context.diagnostics.length > 0 ? { context } : { graph, context }
  } catch (stopped) {
    if (stopped instanceof LimitReached) return { context }
    throw stopped
  }
}

class NetworkBuild implements NetworkStatements {
  private readonly given: GivenMetadata = new Map()
  private declaredSize: readonly number[] | undefined
  private actualSize: readonly number[] = []
  private readonly name: string

  constructor(
    private readonly context: Context,
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
    const frame = this.frame(scope)
    const own = base.arguments(this.context, (at) => this.frame(at))
    if (own === undefined) return undefined
    // Later ones win: the base's arguments, then each variant's, then the command line's.
    const latest = new Map([...own, ...this.settings(network, frame)].map((one) => [one.name?.text, one]))
    const signature = signatureFor(network.parameters, matchable)
    const matched = matchArguments(
      this.context,
      frame,
      network.name.text,
      signature,
      [...latest.values()],
      this.declared.declaration.name.span,
    )
    if (matched === undefined || !bindParameters(this.context, frame, frame, network.parameters, matched))
      return undefined
    const returned = execute(this.context, frame, network.body, this)
    return this.finish(network, frame, returned)
  }

  private frame(scope: ModuleScope): Frame {
    const trail = { network: this.name, blocks: [] }
    return {
      kind: 'network',
      name: this.name,
      scope,
      variables: new Map(),
      naming: new Naming(''),
      slots: noSlots,
      trail,
    }
  }

  private settings(network: Network, frame: Frame): readonly GivenArgument[] {
    const known = network.parameters.map(({ name }) => name.text)
    return [...(this.options.settings ?? [])].flatMap(([name, expression]) => {
      const { span } = expression
      if (isForBlocks(name)) {
        this.context.blockArguments.add(name, { value: evaluate(this.context, frame, expression), span })
        return []
      }
      if (known.includes(name))
        return [{ name: { text: name, span }, value: evaluate(this.context, frame, expression), span }]
      this.context.report('E0417', span, () => {
        return { name, network: this.name, nearest: nearest(name, known), known }
      })
      return []
    })
  }

  private finish(
    network: Network,
    frame: Frame,
    returned: readonly Value[] | undefined,
  ): (() => Graph) | undefined {
    const { context } = this
    if (context.diagnostics.length === 0) {
      checkPlacements(context, frame)
      context.blockArguments.check(context, this.name)
    }
    if (context.diagnostics.length > 0) return undefined
    const at = network.name.span
    const results = returned ?? [frame.variables.get('x')].flatMap((x) => (x === undefined ? [] : [x]))
    const flat = results.flatMap((value) => (value.kind === 'list' ? value.items : [value]))
    const odd = results.find((value) => !isFlow(value))
    if (this.declaredSize === undefined) context.report('E0505', at, { network: this.name })
    else if (odd !== undefined)
      context.report('E0512', at, { what: describe(odd), wanted: 'what a network returns' })
    else if (context.builder.size === 0) context.report('E0516', at, { network: this.name })
    else if (checkStatistics(context, frame, this.given, this.declaredSize)) {
      const metadata = completeMetadata(this.given, this.declaredSize, this.actualSize)
      const doc = this.declared.declaration.doc ?? network.doc
      const outputs = flat.flatMap((value) => (value.kind === 'tensor' ? [value.id] : []))
      this.judgeUnused(at, outputs, returned !== undefined)
      return context.diagnostics.length > 0
        ? undefined
        : () => context.builder.finish(this.name, doc, metadata, outputs)
    }
    return undefined
  }

  /** Warns of work that reaches no output; it is a mistake where that is all work. */
  private judgeUnused(at: Span, outputs: readonly ValueId[], returns: boolean): void {
    const { builder, unused, partNames } = this.context
    if (outputs.every((id) => builder.isInput(id)))
      this.context.report(
        'E0516',
        at,
        { network: this.name },
        {
          help: 'its result is its input: make what it computes a part, such as `head = ...`, or `return` it',
        },
      )
    else this.context.warnings = unused.warnings({ outputs, parts: partNames.size, returns })
  }

  input(context: Context, frame: Frame, { dimensions, span }: Input): void {
    if (this.declaredSize !== undefined) {
      context.report('E0203', span, { name: 'input', what: 'statement' })
      return
    }
    const sizes = dimensions.map((size) => integer(context, frame, size, 'a size of the input'))
    const known = sizes.flatMap((size) => (size === undefined ? [] : [size]))
    const sound = known.length === sizes.length && this.checkSize(known, span)
    this.declaredSize = sound ? known : []
    this.actualSize = sizeOf(this.options.inputSize, known)
    if (!sound || !this.checkSize(this.actualSize, span)) {
      frame.variables.set('x', { kind: 'poison' })
      return
    }
    const type = tensor(...this.actualSize)
    frame.variables.set('x', { kind: 'tensor', id: context.builder.input(type), type })
  }

  private checkSize(sizes: readonly number[], span: Span): boolean {
    const sound =
      sizes.length === 3 && sizes.every((size) => Number.isInteger(size) && size >= 1 && size <= 65536)
    if (!sound) this.context.report('E0514', span, { value: sizes.join(' x ') })
    return sound
  }

  metadata(...[context, frame, statement]: Parameters<NetworkStatements['metadata']>): void {
    executeMetadata(context, frame, statement, this.given)
  }

  stage = executeStage
  part = executePart
}

/** The size that was asked for; with two numbers, the channels are those declared. */
function sizeOf(wanted: readonly number[] | undefined, declared: readonly number[]): readonly number[] {
  if (wanted?.length === 2) return [...declared.slice(0, 1), ...wanted]
  return wanted ?? declared
}
