import { nearest } from '../../diagnostics/suggest.ts'
import type { Name, StageLine, With } from '../../parser/ast.ts'
import type { Context, Frame, PluggedModule } from './context.ts'
import { evaluate, truth } from './evaluate.ts'
import type { ModuleScope } from './scopes.ts'
import { describe, nameOfTarget } from './values.ts'

/** A module that is placed from outside, over what the spec says: `layer3: se(reduction: 16) at spatial`. */
export interface Placement {
  /** The stages that it goes to. */
  readonly stages: readonly Name[]
  readonly with: With
}

/** A module that is taken out everywhere, or in the stages that are named: `se`, `layer3: se`. */
export interface Removal {
  readonly stages: readonly Name[]
  readonly module: Name
}

/**
 * What a caller changes about the modules in slots. A placed module takes the place of one of the same name in its
 * stage (so that it moves, or changes its arguments) and of whatever stood at its slot.
 */
export interface Placements {
  readonly with: readonly Placement[]
  readonly without: readonly Removal[]
  /** Names that a placed module may use besides those of the network's file. */
  readonly scope?: ModuleScope
}

export const noPlacements: Placements = { with: [], without: [] }

/** A module at a slot of the current repetition. */
interface Placed extends PluggedModule {
  readonly slot: string
}

/** The slots that the caller fills in a stage. */
export const placedSlots = ({ placements }: Context, stage: string): readonly Name[] =>
  placements.with
    .filter(({ stages }) => stages.some(({ text }) => text === stage))
    .map((placement) => placement.with.slot)

/** The modules of one repetition by slot: the spec's, then what the caller changes. */
export function plug(
  context: Context,
  frame: Frame,
  { withs }: StageLine,
  stage: string,
): Map<string, PluggedModule[]> {
  const own = withs.flatMap((clause) => evaluateWith(context, frame, clause))
  const kept = own.filter(({ module }) => !isRemoved(context, stage, nameOfTarget(module.target)))
  const placed = context.placements.with
    .filter(({ stages }) => stages.some(({ text }) => text === stage))
    .flatMap((placement) => {
      context.used.add(placement)
      return evaluateWith(context, withScope(frame, context.placements.scope), placement.with)
    })
  const stays = ({ module, slot }: Placed) =>
    !placed.some(
      (other) => other.slot === slot || nameOfTarget(other.module.target) === nameOfTarget(module.target),
    )
  const slots = new Map<string, PluggedModule[]>()
  for (const { slot, ...module } of [...kept.filter(stays), ...placed]) {
    const already = slots.get(slot)
    if (already === undefined) slots.set(slot, [module])
    else already.push(module)
  }
  return slots
}

function isRemoved({ placements, used }: Context, stage: string, module: string): boolean {
  const removal = placements.without.find(
    (one) =>
      one.module.text === module &&
      (one.stages.length === 0 || one.stages.some(({ text }) => text === stage)),
  )
  if (removal !== undefined) used.add(removal)
  return removal !== undefined
}

function evaluateWith(
  context: Context,
  frame: Frame,
  { module: expression, slot, condition }: With,
): Placed[] {
  const wanted =
    condition === undefined ||
    truth(context, frame, evaluate(context, frame, condition), condition.span, 'the condition')
  if (wanted !== true) return []
  const module = evaluate(context, frame, expression)
  if (module.kind === 'callable') return [{ module, slot: slot.text, span: expression.span }]
  const facts = { what: 'what is plugged into a slot', wanted: 'a module', found: describe(module) }
  if (module.kind !== 'poison') context.reportIn(frame, 'E0401', expression.span, facts)
  return []
}

/** The names of the network's file, and behind them those of `scope`. */
function withScope(frame: Frame, scope: ModuleScope | undefined): Frame {
  if (scope === undefined) return frame
  return {
    ...frame,
    scope: { module: frame.scope.module, names: new Map([...scope.names, ...frame.scope.names]) },
  }
}

/** Reports placements whose stage the network does not have, and removals that found nothing. */
export function checkPlacements(context: Context, network: string): void {
  const stages = [...context.partNames]
  for (const placement of context.placements.with)
    for (const { text, span } of placement.stages)
      if (!context.partNames.has(text))
        context.report('E0518', span, { name: text, network, nearest: nearest(text, stages), known: stages })
  for (const removal of context.placements.without)
    if (!context.used.has(removal))
      context.report('E0519', removal.module.span, { name: removal.module.text, network })
}
