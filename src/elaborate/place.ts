import {
  poison,
  type Callable,
  type CallTarget,
  type Evaluated,
  type GivenArgument,
  type Poison,
} from './values.ts'
import { diagnose, type DiagnosticExtras, MAX_DIAGNOSTICS } from '../diagnostics/diagnose.ts'
import { clipMiddle } from '../diagnostics/printable.ts'
import type { Code, FactsOf } from '../diagnostics/catalogue/index.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { locationOf, type Span } from '../source/span.ts'
import type { Provenance, ValueId } from '../ir/graph.ts'
import type { TensorType } from '../ir/tensor-type.ts'
import { BlockArguments, type Placements } from './changes.ts'
import { GraphBuilder, type Draft, type PathNames } from './graph-builder.ts'
import { Unused, type Holding, type HolderForm } from './unused.ts'
import type { Reading } from './uses.ts'
import type { Name, Placement, Removal } from '../parser/ast.ts'
import type { ModuleScope } from './scopes.ts'

/** Compile-time evaluation may take this many steps; a real network takes some thousands. */
export const MAX_STEPS = 2_000_000

/**
 * What a mistake costs in steps: its message may list what is known and look for what was meant. Repeating one that
 * was reported costs a step like any other work.
 */
const DIAGNOSTIC_STEPS = 200

/** All networks of a file together may take this many when a file is checked. */
export const MAX_CHECK_STEPS = 3 * MAX_STEPS

/**
 * Evaluations within one another at most: of expressions, arguments, statements and block calls, those of all blocks
 * that are being run together. Every recursion of elaboration goes through `enter`. One level takes up to 800 bytes of
 * stack as long as V8 interprets it, so that all of them need half of the 984 KB that Node has by default. It is more
 * than `MAX_TREE_DEPTH`: what is read can be evaluated, but for blocks within blocks.
 */
export const MAX_DEPTH = 600

/** Thrown to leave elaboration at once when a limit is passed; never leaves `elaborate`. */
export class LimitReached extends Error {}

/** A module at a slot, and the expression that put it there. */
export interface PluggedModule {
  readonly module: Callable
  readonly span: Span
}

/** The modules that the stage plugs into each slot, in order. */
export type Slots = ReadonlyMap<string, readonly PluggedModule[]>

/** Where no stage can plug anything in: outside of stages, and within the modules themselves. */
export const noSlots: Slots = new Map()

/** A call of a block, ready to run. */
export interface BlockCall {
  readonly target: Extract<CallTarget, { kind: 'block' }>
  readonly given: readonly GivenArgument[]
  readonly input: { readonly value: Evaluated; readonly span: Span }
  readonly span: Span
  /** Names what the body makes. */
  readonly naming: PathNames
  readonly slots: Slots
}

/** Runs the body of a block. The state hands it on, so that expressions can call blocks without importing statements. */
export type BlockRunner = (caller: Place, call: BlockCall) => Evaluated

/**
 * What elaboration does to its state, besides the steps that it counts. The deeds of a block's call make the same block
 * again when they are repeated for other inputs.
 */
export type Deed =
  | {
      readonly kind: 'node'
      readonly draft: Draft
      readonly types: readonly TensorType[]
      readonly chain: number
    }
  | { readonly kind: 'named'; readonly ids: readonly ValueId[] }
  | { readonly kind: 'statement'; readonly first: ValueId }
  | { readonly kind: 'slot'; readonly slot: string }
  | { readonly kind: 'holding'; readonly holding: Holding }

/** The tensors of a value: itself, or those that are items of it. */
function tensorsIn(value: Evaluated): readonly ValueId[] {
  if (value.kind === 'tensor') return [value.id]
  if (value.kind !== 'list') return noIds
  const ids: ValueId[] = []
  for (const item of value.items) if (item.kind === 'tensor') ids.push(item.id)
  return ids
}

const noIds: readonly ValueId[] = []

/** All that one elaboration shares: the graph under construction, mistakes, limits. */
export class ElaborationState {
  readonly builder = new GraphBuilder()
  readonly diagnostics: Diagnostic[] = []
  /** What nothing seems to use. */
  readonly unused = new Unused(this.builder)
  /** Findings that are no mistakes; they are made when all else is done. */
  warnings: readonly Diagnostic[] = []
  /** Slots that the blocks of the current stage turned out to have. */
  readonly slotsSeen = new Set<string>()
  /** Slots of all stages so far. */
  readonly slotsOfNetwork = new Set<string>()
  /** Parts of the network so far. */
  readonly partNames = new Map<string, Span>()
  /** Changes of the caller that found their place. */
  readonly used = new Set<Placement | Removal>()
  /** What placed modules see, by the scope of the network that they are placed in. */
  readonly scopesOfPlaced = new Map<ModuleScope, ModuleScope>()
  /** What the caller changes about the arguments of blocks. */
  readonly blockArguments = new BlockArguments()
  /** What elaboration did, noted while at least one call of a block is recorded. */
  readonly tape: Deed[] = []
  private recordings = 0
  private readonly reported = new Set<string>()
  private steps = 0
  private depth = 0
  private mistakes = 0

  /** @param most the steps that this elaboration may take */
  constructor(
    readonly runBlock: BlockRunner,
    readonly placements: Placements,
    private readonly most = MAX_STEPS,
  ) {}

  get stepsTaken(): number {
    return this.steps
  }

  /** How many steps may still be taken. */
  get stepsLeft(): number {
    return this.most - this.steps
  }

  /** How many evaluations are going on within one another. */
  get nesting(): number {
    return this.depth
  }

  /** How often something was reported, new or not. */
  get mistakesMet(): number {
    return this.mistakes
  }

  /** From here on what is done is noted on the tape, up to `endRecording`. */
  beginRecording(): void {
    this.recordings++
  }

  endRecording(): void {
    this.recordings--
    if (this.recordings === 0) this.tape.length = 0
  }

  private note(deed: Deed): void {
    if (this.recordings > 0) this.tape.push(deed)
  }

  /** @param chain the characters of the names and places that lead to the operator */
  addNode(call: Omit<Draft, 'outputs'>, types: readonly TensorType[], chain: number): readonly ValueId[] {
    const draft = this.builder.add(call, types)
    this.note({ kind: 'node', draft, types, chain })
    return draft.outputs
  }

  /** The value, or each of the list, gets a name: the pipelines that gave it end. */
  endPipelines(value: Evaluated): void {
    this.endPipelinesOf(tensorsIn(value))
  }

  endPipelinesOf(ids: readonly ValueId[]): void {
    if (ids.length === 0) return
    this.builder.pipelines.end(ids)
    this.note({ kind: 'named', ids })
  }

  /** A statement ends: every value from `first` on is known by a name now, or not at all. */
  endPipelinesSince(first: ValueId): void {
    this.builder.pipelines.endSince(first)
    this.note({ kind: 'statement', first })
  }

  /** A block that the stage repeats turns out to have the slot. */
  seeSlot(slot: string): void {
    this.slotsSeen.add(slot)
    this.note({ kind: 'slot', slot })
  }

  addHolding(holding: Holding): void {
    this.unused.add(holding)
    this.noteHolding(holding)
  }

  noteHolding(holding: Holding | undefined): void {
    if (holding !== undefined) this.note({ kind: 'holding', holding })
  }

  /** Counts work: one step for an expression, one more for each item of a list that is copied or searched. */
  step(span: Span, work = 1): void {
    this.steps += work
    if (this.steps > this.most) this.stop('E0509', span, { limit: MAX_STEPS })
  }

  /** Begins an evaluation that may lead to others. After a limit there is no way back in, and so no `leave` is missed. */
  enter(span: Span): void {
    if (++this.depth > MAX_DEPTH) this.stop('E0550', span, { limit: MAX_DEPTH })
  }

  leave(): void {
    this.depth--
  }

  /**
   * Reports a mistake once a place, however often the place is elaborated. Facts that take work to find, such as a
   * name that is near, are given as a function, which runs only for a mistake that is new.
   */
  report<C extends Code>(
    code: C,
    span: Span,
    facts: Lazy<FactsOf<C>>,
    extras: DiagnosticExtras = {},
  ): Poison {
    return this.once(code, span, () => diagnosticOf(code, span, facts, extras))
  }

  /** Adds a mistake that was found elsewhere. */
  add(diagnostic: Diagnostic): Poison {
    return this.once(diagnostic.code, diagnostic.span, () => diagnostic)
  }

  stop<C extends Code>(code: C, span: Span, facts: FactsOf<C>): never {
    this.report(code, span, facts)
    throw new LimitReached()
  }

  /** Makes a diagnostic only where the place has none of its code. */
  once(code: Code, span: Span | undefined, make: () => Diagnostic): Poison {
    const key = keyOf({ code, span })
    // The steps are not checked here: what ran into the mistake counts its own, and stops there.
    this.steps++
    this.mistakes++
    if (this.reported.has(key)) return poison
    this.reported.add(key)
    this.steps += DIAGNOSTIC_STEPS
    this.diagnostics.push(make())
    if (this.diagnostics.length >= MAX_DIAGNOSTICS) throw new LimitReached()
    return poison
  }
}

/** What a place is made of. */
interface Surroundings {
  readonly kind: 'network' | 'block'
  /** The name of the network or of the block. */
  readonly name: string
  /** What the names of its file mean. */
  readonly scope: ModuleScope
  readonly variables: Map<string, Evaluated>
  /** Names what is made here. */
  readonly naming: PathNames
  readonly slots: Slots
  readonly trail: Trail
}

/**
 * Where elaboration is: in one call of a block, or in the body of a network. It knows the names in sight, how what is made
 * here is called, and the chain of calls that led here; and it holds the state of the whole elaboration.
 */
export class Place implements Surroundings {
  readonly kind: 'network' | 'block'
  readonly name: string
  readonly scope: ModuleScope
  readonly variables: Map<string, Evaluated>
  readonly naming: PathNames
  readonly slots: Slots
  readonly trail: Trail

  constructor(
    readonly state: ElaborationState,
    { kind, name, scope, variables, naming, slots, trail }: Surroundings,
  ) {
    this.kind = kind
    this.name = name
    this.scope = scope
    this.variables = variables
    this.naming = naming
    this.slots = slots
    this.trail = trail
  }

  /** This place but for what is given. */
  with(changes: Partial<Surroundings>): Place {
    const { kind, name, scope, variables, naming, slots, trail } = this
    return new Place(this.state, { kind, name, scope, variables, naming, slots, trail, ...changes })
  }

  /** The place as a turn of a loop sees it: the same names, and messages that say which turn it is. */
  inTurn(variable: string, item: Evaluated): Place {
    if (!('value' in item)) return this
    const turn = { variable, item: item.value, outer: this.trail.turn }
    return this.with({ trail: { ...this.trail, turn } })
  }

  step(span: Span, work?: number): void {
    this.state.step(span, work)
  }

  enter(span: Span): void {
    this.state.enter(span)
  }

  leave(): void {
    this.state.leave()
  }

  /** A name gets a value: the pipeline that gave it ends, and the name answers for its use. */
  bind(site: Name, form: HolderForm, value: Evaluated): void {
    if (value.kind === 'list') this.step(site.span, value.items.length)
    this.state.endPipelines(value)
    this.hold(site, form, value)
  }

  /** A name answers for the use of a value. */
  hold(site: Name, form: HolderForm, value: Evaluated): void {
    const { unused, partNames } = this.state
    this.state.noteHolding(unused.hold(this, site, form, value, partNames.size))
  }

  /** An expression without a name answers for the use of a value of which it reads only the size, or one item. */
  ask(span: Span, reading: Reading, value: Evaluated): void {
    this.state.noteHolding(this.state.unused.ask(this, span, reading, value))
  }

  /** Reports a mistake as the state does, with the chain of blocks, stages and turns of loops that led here. */
  report<C extends Code>(
    code: C,
    span: Span,
    facts: Lazy<FactsOf<C>>,
    extras: DiagnosticExtras = {},
  ): Poison {
    return this.state.once(code, span, () => {
      const notes = [...(extras.notes ?? []), ...chainOf(this.trail)]
      return diagnosticOf(code, span, facts, { ...extras, notes })
    })
  }

  /** Adds a mistake that was found elsewhere, with the chain that led here. */
  add(diagnostic: Diagnostic): Poison {
    return this.state.once(diagnostic.code, diagnostic.span, () => ({
      ...diagnostic,
      notes: [...diagnostic.notes, ...chainOf(this.trail)],
    }))
  }
}

/** The chain that led to a place, for provenance and for messages. */
export interface Trail {
  readonly network: string
  readonly part?: string
  readonly partSpan?: Span
  readonly repetition?: number
  readonly blocks: readonly { readonly name: string; readonly span: Span }[]
  /** The turn of the innermost loop around. */
  readonly turn?: Turn
}

/** A turn of a loop: its variable, the item that it has, and the turn of the loop around. */
interface Turn {
  readonly variable: string
  readonly item: string | number | boolean
  readonly outer: Turn | undefined
}

function diagnosticOf<C extends Code>(
  code: C,
  span: Span,
  facts: Lazy<FactsOf<C>>,
  extras: DiagnosticExtras,
): Diagnostic {
  const help = continuedHelp(span) ?? extras.help
  return diagnose(code, span, valueOf(facts), { ...extras, help })
}

/**
 * Line breaks mean nothing, so that a bracket which begins a line is the call or the index of what ends the line above:
 * most likely, whoever wrote it meant a statement of its own.
 */
function continuedHelp({ file: { text }, start }: Span): string | undefined {
  const before = text.slice(Math.max(0, start - LOOK_BACK), start)
  const bracket = /[\w)\]][ \t]*\r?\n[ \t]*([([])[ \t]*$/.exec(before)?.[1]
  return bracket === undefined
    ? undefined
    : `the \`${bracket}\` at the beginning of this line goes on with the line above, as ${bracket === '(' ? 'a call' : 'an index'}: give the value a name (\`name = ...\`) or return it`
}

/** How far in front of a mistake a bracket and its line are looked for. */
const LOOK_BACK = 80

/** Something, or how to come by it where it is wanted. */
type Lazy<T> = T | (() => T)

/** Facts are records, never functions themselves. */
const valueOf = <T>(lazy: Lazy<T>): T => (typeof lazy === 'function' ? (lazy as () => T)() : lazy)

/** The same for the same mistake at the same place, whatever led there. */
export const keyOf = ({ code, span }: { readonly code: Code; readonly span?: Span | undefined }): string =>
  `${code} ${span?.file.path}:${span?.start}:${span?.end}`

/** The loop's turn, then `in block a, repetition 0 of stage b (line 22), network c`, innermost block first. */
function chainOf(trail: Trail): string[] {
  const turns = turnsOf(trail.turn)
  return [...(turns.length === 0 ? [] : [`in turn ${turns.join(', ')}`]), ...placesOf(trail)]
}

/** More loops around a mistake than this are not told. */
const MOST_TURNS = 16
const LONGEST_ITEM = 60

/** The turns of the loops around, outermost first: `k = 2`. Items may be as long as a file, and are clipped here. */
function turnsOf(innermost: Turn | undefined): string[] {
  const turns: string[] = []
  let turn = innermost
  for (; turn !== undefined && turns.length < MOST_TURNS; turn = turn.outer)
    turns.push(`${clipMiddle(turn.variable, LONGEST_ITEM)} = ${clipMiddle(String(turn.item), LONGEST_ITEM)}`)
  if (turn !== undefined) turns.push('…')
  return turns.reverse()
}

function placesOf({ blocks, part, partSpan, repetition, network }: Trail): string[] {
  if (blocks.length === 0 && part === undefined) return [`in network \`${network}\``]
  const links = [...blocks].reverse().map(({ name, span }, index) => {
    const called = index < blocks.length - 1 ? ` (called at ${lineOf(span)})` : ''
    return `block \`${name}\`${called}`
  })
  if (part !== undefined) {
    const where = partSpan === undefined ? '' : ` (line ${locationOf(partSpan).line})`
    links.push(
      repetition === undefined
        ? `\`${part}\`${where}`
        : `repetition ${repetition} of stage \`${part}\`${where}`,
    )
  }
  return [`in ${[...links, `network \`${network}\``].join(', ')}`]
}

function lineOf(span: Span): string {
  const { file, line, column } = locationOf(span)
  return `${file}:${line}:${column}`
}

/** The chain of a trail as plain data, for a node made at `span`. */
export const provenanceOf = (trail: Trail, span: Span): Provenance =>
  provenanceAt(trail, locationOf(span), blocksOf(trail.blocks))

/** The chains of blocks as plain data: the operators of one call share theirs. */
const knownBlocks = new WeakMap<Trail['blocks'], Provenance['blocks']>()

function blocksOf(calls: Trail['blocks']): Provenance['blocks'] {
  let blocks = knownBlocks.get(calls)
  if (blocks === undefined) {
    blocks = calls.map(({ name, span }) => ({ name, location: locationOf(span) }))
    knownBlocks.set(calls, blocks)
  }
  return blocks
}

/** The provenance of a node in the part and the repetition of a trail. */
export function provenanceAt(
  { part, repetition }: Trail,
  location: Provenance['location'],
  blocks: Provenance['blocks'],
): Provenance {
  if (part === undefined) return { location, blocks }
  return repetition === undefined ? { location, part, blocks } : { location, part, repetition, blocks }
}
