import { nearest } from '../diagnostics/suggest.ts'
import type { Part } from '../ir/graph.ts'
import type { Bind, Expression, Name, Stage, StageLine, With } from '../parser/ast.ts'
import { locationOf, type Span } from '../source/span.ts'
import { concerns } from './changes.ts'
import { apply, evaluate, integer, lookUp, toFlow, truth } from './expressions.ts'
import { PathNames } from './graph-builder.ts'
import type { Place } from './place.ts'
import { type PluggedModule } from './place.ts'
import { namedPart } from './uses.ts'
import {
  poison,
  type Evaluated,
  describe,
  int,
  isFlow,
  isPoisoned,
  nameOfTarget,
  type Callable,
  type GivenArgument,
} from './values.ts'

/** A stage may repeat its block this often; far more than any network does. */
const MAX_REPETITIONS = 1000

/** Unrolls a stage: every line's block, as often as it says, each fed by the one before. */
export function runStage(place: Place, stage: Stage): void {
  const name = stage.name.text
  const slotsOfStage = new Set<string>()
  let x = lookUp(place, 'x', stage.name.span)
  let done = 0
  for (const line of stage.lines) {
    place.state.slotsSeen.clear()
    const count = line.count === undefined ? 1 : (repetitions(place, line.count) ?? 0)
    x = count === 0 ? poison : unroll(place, stage, line, x, done, count)
    done += count
    if (isPoisoned(x)) continue
    for (const { slot } of line.withs)
      if (!place.state.slotsSeen.has(slot.text)) reportSlot(place, slot, place.state.slotsSeen)
    for (const slot of place.state.slotsSeen) slotsOfStage.add(slot)
  }
  if (!isPoisoned(x)) settlePlacements(place, name, slotsOfStage)
  for (const slot of slotsOfStage) place.state.slotsOfNetwork.add(slot)
  definePart(place, 'stage', stage.name, x)
}

/** The repetitions of one line; `done` repetitions of the stage came before. */
function unroll(
  place: Place,
  { name: { text: part, span: partSpan } }: Stage,
  line: StageLine,
  input: Evaluated,
  done: number,
  count: number,
): Evaluated {
  const stride = line.stride === undefined ? undefined : evaluate(place, line.stride)
  let x = input
  for (let i = 0; i < count; i++) {
    place.step(line.span, place.variables.size + (x.kind === 'list' ? x.items.length : 0))
    const repetition = done + i
    place.state.endPipelines(x)
    const variables = new Map(place.variables).set('i', int(i)).set('n', int(count)).set('x', x)
    const naming = new PathNames(`${part}.${repetition}`)
    const inside = place.with({
      naming,
      variables,
      trail: { ...place.trail, part, partSpan, repetition },
    })
    x = repeat(inside, line, x, i === 0 ? stride : stride && int(1))
  }
  return x
}

function repetitions(place: Place, count: Expression): number | undefined {
  const value = integer(place, count, 'the count of a stage')
  if (value === undefined) return undefined
  if (value > MAX_REPETITIONS) place.report('E0507', count.span, { count: value, limit: MAX_REPETITIONS })
  else if (value < 1) place.report('E0503', count.span, { count: value })
  else return value
  return undefined
}

/** One repetition: the block with its stride, and the modules that this repetition plugs into its slots. */
function repeat(outside: Place, line: StageLine, x: Evaluated, stride: Evaluated | undefined): Evaluated {
  const place = outside.with({ slots: plug(outside, line) })
  const { span } = line.block
  const block = evaluate(place, line.block)
  if (block.kind === 'poison' || isPoisoned(x) || stride?.kind === 'poison') return poison
  // A pipeline has already run, from `x` on.
  if (isFlow(block)) return stride === undefined ? block : noStride(place, line, 'a pipeline')
  if (block.kind !== 'callable') {
    const facts = { what: 'what a stage repeats', wanted: 'a block or a pipeline', found: describe(block) }
    return place.report('E0401', span, facts)
  }
  if (block.label !== undefined) return needsNoName(place, block.label)
  const callable = stride === undefined ? block : withStride(place, block, stride, line)
  if (callable === undefined) return poison
  // The arguments may have made operators of this repetition: the block's names follow theirs.
  const { naming } = place
  return apply(place, callable, { value: x, span }, span, { path: naming.prefix, naming })
}

/** `as` on the block itself would give all repetitions one name. */
const needsNoName = (place: Place, { span }: Name): Evaluated =>
  place.report('E0506', span, {
    statement: 'as',
    place: 'what a stage repeats: each repetition has its number for a name',
  })

/** The stage's stride becomes the block's argument `stride`. */
function withStride(place: Place, block: Callable, value: Evaluated, line: StageLine): Callable | undefined {
  const { target } = block
  if (target.kind === 'block' && !target.declaration.parameters.some(({ name }) => name.text === 'stride')) {
    noStride(place, line, `\`${nameOfTarget(target)}\``)
    return undefined
  }
  const span = line.stride?.span ?? line.span
  const stride: GivenArgument = { name: { text: 'stride', span }, value, span }
  return { ...block, given: [...block.given, stride] }
}

const noStride = (place: Place, line: StageLine, what: string): Evaluated =>
  place.report('E0502', line.stride?.span ?? line.span, { what })

/** A module for a slot; `now` where it goes there in this repetition. */
interface Placed extends PluggedModule {
  readonly slot: string
  readonly now: boolean
}

/** The modules of one repetition by slot: the spec's, then what the caller changes. */
function plug(place: Place, { withs }: StageLine): Map<string, PluggedModule[]> {
  const stage = place.trail.part ?? ''
  // A clause that does not hold here is not looked into: its arguments may make sense in other repetitions only.
  const own = withs
    .filter((clause) => holds(place, clause))
    .flatMap((clause) => evaluateModule(place, clause, true))
  const kept = own.filter(({ module }) => !isRemoved(place, stage, nameOfTarget(module.target)))
  const outside = place.state.placements.with.length === 0 ? place : withScope(place)
  const placed = place.state.placements.with
    .filter((placement) => concerns(placement, stage))
    .flatMap(({ with: clause }) => evaluateModule(outside, clause, holds(outside, clause)))
  const slots = new Map<string, PluggedModule[]>()
  for (const { slot, now, ...module } of [...kept.filter((one) => !isReplaced(one, placed)), ...placed]) {
    const already = slots.get(slot)
    if (already !== undefined && now) already.push(module)
    else if (now) slots.set(slot, [module])
  }
  return slots
}

/** A placed module replaces its namesake wherever it stood, and what stood in its place. */
const isReplaced = ({ slot, module }: Placed, placed: readonly Placed[]): boolean =>
  placed.some(
    (other) => other.slot === slot || nameOfTarget(other.module.target) === nameOfTarget(module.target),
  )

function isRemoved({ state: { placements, used } }: Place, stage: string, module: string): boolean {
  const removal = placements.without.find((one) => one.module.text === module && concerns(one, stage))
  if (removal !== undefined) used.add(removal)
  return removal !== undefined
}

/** Whether a clause places its module in this repetition; false, too, after a mistake, which is reported. */
function holds(place: Place, { condition }: With): boolean {
  if (condition === undefined) return true
  const decided = evaluate(place, condition)
  return truth(place, decided, condition.span, 'the condition') === true
}

function evaluateModule(place: Place, { module: expression, slot }: With, now: boolean): Placed[] {
  const module = evaluate(place, expression)
  if (module.kind === 'callable') return [{ module, slot: slot.text, span: expression.span, now }]
  const facts = { what: 'what is plugged into a slot', wanted: 'a module', found: describe(module) }
  if (module.kind !== 'poison') place.report('E0401', expression.span, facts)
  return []
}

/** The place with the names of the network's file, and behind them those that placed modules may use besides. */
function withScope(place: Place): Place {
  const { scope: names } = place.state.placements
  if (names === undefined) return place
  // Made once for all repetitions of all stages, which share the scope of their network.
  let scope = place.state.scopesOfPlaced.get(place.scope)
  scope ??= { ...place.scope, names: new Map([...names, ...place.scope.names]) }
  place.state.scopesOfPlaced.set(place.scope, scope)
  return place.with({ scope })
}

/** Notes which placements found their slot in a stage that was built; those that name the stage must have. */
function settlePlacements(place: Place, stage: string, slots: ReadonlySet<string>): void {
  for (const placement of place.state.placements.with.filter((one) => concerns(one, stage))) {
    if (slots.has(placement.with.slot.text)) place.state.used.add(placement)
    else if (placement.stages.length > 0) reportSlot(place, placement.with.slot, slots)
  }
}

/** Reports a slot that no block has, with the slots that there are. */
function reportSlot(place: Place, { text, span }: Name, slots: ReadonlySet<string>): void {
  place.step(span)
  place.report('E0501', span, () => {
    const known = [...slots]
    return { name: text, nearest: nearest(text, known), known }
  })
}

/** Reports placements whose stage or slot the network does not have, and removals that found nothing. */
export function checkPlacements(place: Place): void {
  const network = place.name
  const stages = [...place.state.partNames.keys()]
  for (const placement of place.state.placements.with) {
    for (const { text, span } of placement.stages)
      if (!place.state.partNames.has(text))
        place.state.report('E0518', span, () => {
          return { name: text, network, nearest: nearest(text, stages), known: stages }
        })
    if (placement.stages.length === 0 && !place.state.used.has(placement))
      reportSlot(place, placement.with.slot, place.state.slotsOfNetwork)
  }
  for (const removal of place.state.placements.without)
    if (!place.state.used.has(removal)) {
      const facts = { name: removal.module.text, network }
      place.state.report('E0519', removal.module.span, facts)
    }
}

/** Runs `stem = ...` or `head = ...`; false for a binding of any other name. */
export function runPart(place: Place, bind: Bind): boolean {
  const part = namedPart(bind)
  if (part === undefined) return false
  const { kind, name, span } = part
  const expression = bind.value
  // Its operators' paths begin with its name: a block outside of it may not have the same.
  if (!place.state.partNames.has(name) && place.naming.exactly(name) === undefined)
    place.state.report('E0511', span, { name })
  const trail = { ...place.trail, part: name, partSpan: span }
  const inside = place.with({ trail, naming: new PathNames(name) })
  const value = toFlow(inside, evaluate(inside, expression), expression.span)
  definePart(place, kind, bind.targets[0] ?? { text: name, span }, value)
  return true
}

const sameTurn = (earlier: Span, span: Span): boolean => earlier.start === span.start

const inLoop = {
  help: 'a loop defines it anew in each turn: repeat a block with `x COUNT`, or put the loop into a block',
}

/** Makes what a part computes the network's running tensor, and known under the part's name. */
function definePart(place: Place, kind: Part['kind'], site: Name, value: Evaluated): void {
  const { text: name, span } = site
  const earlier = place.state.partNames.get(name)
  if (earlier !== undefined)
    place.state.report('E0203', span, { name, what: 'part' }, sameTurn(earlier, span) ? inLoop : {})
  place.state.partNames.set(name, span)
  place.variables.set('x', value).set(name, value)
  place.bind(site, 'part', value)
  const tensors = value.kind === 'list' ? value.items : [value]
  const [output, ...others] = tensors.flatMap((tensor) => (tensor.kind === 'tensor' ? [tensor.id] : []))
  if (output !== undefined)
    place.state.builder.part({
      kind,
      name,
      output,
      ...(others.length > 0 ? { others } : {}),
      location: locationOf(span),
    })
}
