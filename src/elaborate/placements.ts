import { nearest } from '../diagnostics/suggest.ts'
import type { Name, Placement, Removal, StageLine, With } from '../parser/ast.ts'
import type { Context, Frame, PluggedModule } from './context.ts'
import { evaluate, truth } from './evaluate.ts'
import type { ModuleScope } from './scopes.ts'
import { describe, nameOfTarget } from './values.ts'

/**
 * What a caller changes about the modules in slots. A placed module takes the place of one of the same name in its
 * stage (so that it moves, or changes its arguments) and of whatever stood at its slot.
 */
export interface Placements {
  readonly with: readonly Placement[]
  readonly without: readonly Removal[]
  /** Names that a placed module may use besides those of the network's file. */
  readonly scope?: ModuleScope['names']
}

export const noPlacements: Placements = { with: [], without: [] }

/** A module for a slot; `now` where it goes there in this repetition. */
interface Placed extends PluggedModule {
  readonly slot: string
  readonly now: boolean
}

const concerns = ({ stages }: { stages: readonly Name[] }, stage: string): boolean =>
  stages.length === 0 || stages.some(({ text }) => text === stage)

/** The modules of one repetition by slot: the spec's, then what the caller changes. */
export function plug(context: Context, frame: Frame, { withs }: StageLine): Map<string, PluggedModule[]> {
  const stage = frame.trail.part ?? ''
  // A clause that does not hold here is not looked into: its arguments may make sense in other repetitions only.
  const own = withs
    .filter((clause) => holds(context, frame, clause))
    .flatMap((clause) => evaluateModule(context, frame, clause, true))
  const kept = own.filter(({ module }) => !isRemoved(context, stage, nameOfTarget(module.target)))
  const outside = context.placements.with.length === 0 ? frame : withScope(frame, context)
  const placed = context.placements.with
    .filter((placement) => concerns(placement, stage))
    .flatMap(({ with: clause }) => evaluateModule(context, outside, clause, holds(context, outside, clause)))
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

function isRemoved({ placements, used }: Context, stage: string, module: string): boolean {
  const removal = placements.without.find((one) => one.module.text === module && concerns(one, stage))
  if (removal !== undefined) used.add(removal)
  return removal !== undefined
}

/** Whether a clause places its module in this repetition; false, too, after a mistake, which is reported. */
function holds(context: Context, frame: Frame, { condition }: With): boolean {
  if (condition === undefined) return true
  const decided = evaluate(context, frame, condition)
  return truth(context, frame, decided, condition.span, 'the condition') === true
}

function evaluateModule(
  context: Context,
  frame: Frame,
  { module: expression, slot }: With,
  now: boolean,
): Placed[] {
  const module = evaluate(context, frame, expression)
  if (module.kind === 'callable') return [{ module, slot: slot.text, span: expression.span, now }]
  const facts = { what: 'what is plugged into a slot', wanted: 'a module', found: describe(module) }
  if (module.kind !== 'poison') context.reportIn(frame, 'E0401', expression.span, facts)
  return []
}

/** The frame with the names of the network's file, and behind them those that placed modules may use besides. */
function withScope(frame: Frame, context: Context): Frame {
  const { scope: names } = context.placements
  if (names === undefined) return frame
  // Made once for all repetitions of all stages, which share the scope of their network.
  let scope = context.scopesOfPlaced.get(frame.scope)
  scope ??= { ...frame.scope, names: new Map([...names, ...frame.scope.names]) }
  context.scopesOfPlaced.set(frame.scope, scope)
  return { ...frame, scope }
}

/** Notes which placements found their slot in a stage that was built; those that name the stage must have. */
export function settlePlacements(
  context: Context,
  frame: Frame,
  stage: string,
  slots: ReadonlySet<string>,
): void {
  for (const placement of context.placements.with.filter((one) => concerns(one, stage))) {
    if (slots.has(placement.with.slot.text)) context.used.add(placement)
    else if (placement.stages.length > 0) reportSlot(context, frame, placement.with.slot, slots)
  }
}

/** E0501, with the slots that there are. */
export function reportSlot(
  context: Context,
  frame: Frame,
  { text, span }: Name,
  slots: ReadonlySet<string>,
): void {
  context.step(span)
  context.reportIn(frame, 'E0501', span, () => {
    const known = [...slots]
    return { name: text, nearest: nearest(text, known), known }
  })
}

/** Reports placements whose stage or slot the network does not have, and removals that found nothing. */
export function checkPlacements(context: Context, frame: Frame): void {
  const network = frame.name
  const stages = [...context.partNames.keys()]
  for (const placement of context.placements.with) {
    for (const { text, span } of placement.stages)
      if (!context.partNames.has(text))
        context.report('E0518', span, () => {
          return { name: text, network, nearest: nearest(text, stages), known: stages }
        })
    if (placement.stages.length === 0 && !context.used.has(placement))
      reportSlot(context, frame, placement.with.slot, context.slotsOfNetwork)
  }
  for (const removal of context.placements.without)
    if (!context.used.has(removal)) {
      const facts = { name: removal.module.text, network }
      context.report('E0519', removal.module.span, facts)
    }
}
