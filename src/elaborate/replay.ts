import { MAX_OPERATORS } from '../ir/limits.ts'
import type { ValueId } from '../ir/graph.ts'
import type { TensorType } from '../ir/tensor-type.ts'
import type { Span } from '../source/span.ts'
import { nameWork } from './operators.ts'
import { provenanceAt, type BlockCall, type BlockRunner, type Deed, type Place, type Slots } from './place.ts'
import { isFlow, nameOfTarget, type Callable, type Evaluated, type GivenArgument } from './values.ts'

/** A call of a block that was elaborated: what it was given, and all that it did. */
interface Recorded {
  readonly call: BlockCall
  readonly trail: Place['trail']
  /** How many evaluations were going on around it. */
  readonly nesting: number
  /** The first value that it made, and the operators that there were before it. */
  readonly firstValue: ValueId
  readonly operators: number
  readonly deeds: readonly Deed[]
  /** How many operators it made. */
  readonly made: number
  readonly steps: number
  readonly result: Evaluated
}

/** Calls that did more are not kept: so large a block hardly repeats, and the blocks within it are kept. */
const MOST_DEEDS = 2000
/** What all calls that are kept did, together; beyond it they are forgotten. */
const MOST_DEEDS_KEPT = 200_000

/**
 * Calls of blocks that were elaborated, so that the repetitions of a stage, and the same block in other points of a sweep,
 * are not elaborated anew: their operators are made again with new paths, values and provenance.
 *
 * A call is replayed where it is the same expression in the same chain of blocks and the same part, its arguments and the
 * modules in its slots are the same, and its tensors have the same types. Then its body does the same: a block sees nothing
 * else. What it did is repeated deed by deed, and counts the same steps; a call that met a mistake, or that would pass a
 * limit, is elaborated. The operators that are made again have the very attributes and types of the first ones, as objects.
 */
export class Replays {
  private readonly bySpan = new Map<Span, Map<string, Recorded>>()
  private kept = 0

  /** Runs blocks as `run` does, only faster where they ran before. */
  around(run: BlockRunner): BlockRunner {
    return (caller, call) => {
      // Names that are taken already would change those of the body.
      if (!call.naming.isFresh) return run(caller, call)
      const key = keyOf(caller, call)
      const before = this.bySpan.get(call.span)?.get(key)
      return (before && replayed(before, caller, call)) ?? this.recorded(run, key, caller, call)
    }
  }

  private recorded(run: BlockRunner, key: string, caller: Place, call: BlockCall): Evaluated {
    const { state } = caller
    state.beginRecording()
    const { mistakesMet, nesting, stepsTaken } = state
    const { nextValue: firstValue, size: operators } = state.builder
    const begin = state.tape.length
    const result = run(caller, call)
    const isKept =
      state.mistakesMet === mistakesMet && state.tape.length - begin <= MOST_DEEDS && isFlow(result)
    if (isKept) {
      const deeds = state.tape.slice(begin)
      const made = state.builder.size - operators
      const steps = state.stepsTaken - stepsTaken
      const { trail } = caller
      this.keep(key, { call, trail, nesting, firstValue, operators, deeds, made, steps, result })
    }
    state.endRecording()
    return result
  }

  private keep(key: string, recorded: Recorded): void {
    this.kept += recorded.deeds.length + 1
    if (this.kept > MOST_DEEDS_KEPT) {
      this.bySpan.clear()
      this.kept = recorded.deeds.length + 1
    }
    const { span } = recorded.call
    const others = this.bySpan.get(span)
    if (others === undefined) this.bySpan.set(span, new Map([[key, recorded]]))
    else others.set(key, recorded)
  }
}

/** Does again what a call did, for a call of the same; `undefined` where it is not the same, or would pass a limit. */
function replayed(before: Recorded, caller: Place, call: BlockCall): Evaluated | undefined {
  const { state } = caller
  if (state.nesting > before.nesting || state.builder.size + before.made > MAX_OPERATORS) return undefined
  const ids = new Ids(before.firstValue, state.builder.nextValue)
  if (!isSameCall(before, caller, call, ids)) return undefined
  const steps = stepsFor(before, call)
  if (steps > state.stepsLeft) return undefined
  state.step(call.span, steps)
  const operators = state.builder.size - before.operators
  const prefix = before.call.naming.prefix.length
  for (const deed of before.deeds) repeat(deed, caller, call, ids, prefix, operators)
  return ids.inValue(before.result)
}

/** The steps that the call would take: the names of its operators are longer or shorter than they were. */
function stepsFor({ deeds, steps, call: before }: Recorded, call: BlockCall): number {
  const longer = call.naming.prefix.length - before.naming.prefix.length
  if (longer === 0) return steps
  let all = steps
  for (const deed of deeds)
    if (deed.kind === 'node') {
      const characters = deed.draft.path.length + deed.chain
      all += nameWork(characters + longer) - nameWork(characters)
    }
  return all
}

/**
 * @param prefix how many characters of the recorded paths lead to the block
 * @param operators how many more operators there are before the call than there were
 */
function repeat(
  deed: Deed,
  { state, trail }: Place,
  { naming }: BlockCall,
  ids: Ids,
  prefix: number,
  operators: number,
): void {
  switch (deed.kind) {
    case 'node': {
      const { op, path, attributes, inputs, provenance, span, biasIsOpen } = deed.draft
      const call = {
        op,
        path: naming.prefix + path.slice(prefix),
        attributes,
        inputs: ids.in(inputs),
        provenance: provenanceAt(trail, provenance.location, provenance.blocks),
        span,
        biasIsOpen,
      }
      state.addNode(call, deed.types, deed.chain)
      return
    }
    case 'named':
      return state.endPipelinesOf(ids.in(deed.ids))
    case 'statement':
      return state.endPipelinesSince(ids.of(deed.first))
    case 'slot':
      return state.seeSlot(deed.slot)
    case 'holding': {
      const { holding } = deed
      const parts = holding.form === 'expression' ? 0 : state.partNames.size
      const value = ids.inValue(holding.value)
      return state.addHolding({ ...holding, value, parts, operators: holding.operators + operators })
    }
  }
}

/** Which value of a call is which of the recorded one. */
class Ids {
  /** Those that flow into the call. */
  private readonly given = new Map<ValueId, ValueId>()
  private readonly shift: number

  constructor(
    private readonly first: ValueId,
    next: ValueId,
  ) {
    this.shift = next - first
  }

  /** Notes that one value stands for a recorded one; false where another does. */
  pair(recorded: ValueId, id: ValueId): boolean {
    const known = this.given.get(recorded)
    if (known === undefined) this.given.set(recorded, id)
    return known === undefined || known === id
  }

  of(recorded: ValueId): ValueId {
    if (recorded >= this.first) return recorded + this.shift
    const id = this.given.get(recorded)
    if (id === undefined) throw new Error(`value ${recorded} does not flow into the block`)
    return id
  }

  in(recorded: readonly ValueId[]): readonly ValueId[] {
    return recorded.map((id) => this.of(id))
  }

  inValue(value: Evaluated): Evaluated {
    if (value.kind === 'tensor') return { kind: 'tensor', id: this.of(value.id), type: value.type }
    if (value.kind !== 'list') return value
    return { kind: 'list', items: value.items.map((item) => this.inValue(item)) }
  }
}

/** Whether the call is the recorded one but for the values that flow into it, which are noted as pairs. */
function isSameCall({ call: before, trail }: Recorded, caller: Place, call: BlockCall, ids: Ids): boolean {
  return (
    call.target.declaration === before.target.declaration &&
    call.target.scope === before.target.scope &&
    caller.trail.part === trail.part &&
    isSameChain(trail.blocks, caller.trail.blocks) &&
    isSame(before.input.value, call.input.value, ids) &&
    areSame(before.given, call.given, ids) &&
    haveSameModules(before.slots, call.slots, ids)
  )
}

type Chain = Place['trail']['blocks']

const isSameChain = (before: Chain, chain: Chain): boolean =>
  before === chain ||
  (before.length === chain.length &&
    chain.every(({ name, span }, at) => before[at]?.span === span && before[at].name === name))

function isSame(before: Evaluated, value: Evaluated, ids: Ids): boolean {
  switch (value.kind) {
    case 'int':
    case 'float':
    case 'bool':
    case 'string':
      return before.kind === value.kind && before.value === value.value
    case 'tensor':
      return before.kind === 'tensor' && isSameType(before.type, value.type) && ids.pair(before.id, value.id)
    case 'list':
      return (
        before.kind === 'list' &&
        before.items.length === value.items.length &&
        value.items.every((item, at) => {
          const other = before.items[at]
          return other !== undefined && isSame(other, item, ids)
        })
      )
    case 'callable':
      return before.kind === 'callable' && isSameCallable(before, value, ids)
    case 'helper':
      return before.kind === 'helper' && before.name === value.name
    case 'poison':
      return false
  }
}

function isSameType(before: TensorType, type: TensorType): boolean {
  if (before === type) return true
  const { dtype, shape }: { dtype: string; shape: TensorType['shape'] } = before
  return (
    dtype === type.dtype &&
    shape.length === type.shape.length &&
    shape.every((side, axis) => side === type.shape[axis])
  )
}

function isSameCallable(before: Callable, callable: Callable, ids: Ids): boolean {
  const [first, second] = [before.target, callable.target]
  const isSameTarget =
    first.kind === 'block'
      ? second.kind === 'block' && first.declaration === second.declaration && first.scope === second.scope
      : first.kind === second.kind && first.name === second.name
  return isSameTarget && before.label === callable.label && areSame(before.given, callable.given, ids)
}

const areSame = (before: readonly GivenArgument[], given: readonly GivenArgument[], ids: Ids): boolean =>
  before.length === given.length &&
  given.every(({ name, value }, at) => {
    const other = before[at]
    return other !== undefined && other.name?.text === name?.text && isSame(other.value, value, ids)
  })

/** A module's expression counts, since provenance says where it stands. */
function haveSameModules(before: Slots, slots: Slots, ids: Ids): boolean {
  if (before === slots) return true
  if (before.size !== slots.size) return false
  for (const [slot, modules] of slots) {
    const others = before.get(slot)
    if (others?.length !== modules.length) return false
    const areAlike = modules.every(({ module, span }, at) => {
      const other = others[at]
      return other?.span === span && isSameCallable(other.module, module, ids)
    })
    if (!areAlike) return false
  }
  return true
}

/** Lists beyond this many items are told apart by their length. */
const MOST_ITEMS = 16

/** What tells the calls of one expression apart, most of them; `isSameCall` looks at all. */
function keyOf({ trail: { part } }: Place, { input, given, slots }: BlockCall): string {
  let key = `${part};${textOf(input.value)}`
  for (const { name, value } of given) key += `,${name?.text}:${textOf(value)}`
  for (const [slot, modules] of slots) key += `;${slot}:${modules.map(({ module }) => textOf(module)).join()}`
  return key
}

function textOf(value: Evaluated): string {
  switch (value.kind) {
    case 'int':
    case 'float':
    case 'bool':
      return String(value.value)
    case 'string':
      return value.value.slice(0, MOST_ITEMS)
    case 'tensor':
      return value.type.shape.join('x')
    case 'list':
      return value.items.length > MOST_ITEMS
        ? `[${value.items.length}]`
        : `[${value.items.map((item) => (item.kind === 'list' ? `[${item.items.length}]` : textOf(item))).join()}]`
    case 'callable':
      return nameOfTarget(value.target)
    case 'helper':
      return value.name
    case 'poison':
      return ''
  }
}
