import { nearest } from '../../diagnostics/suggest.ts'
import type { Expression, Stage, StageLine } from '../../parser/ast.ts'
import { locationOf, type Span } from '../../source/span.ts'
import type { Part } from '../graph.ts'
import { apply } from './apply.ts'
import type { Context, Frame, PluggedModule } from './context.ts'
import { evaluate, integer, lookUp, truth } from './evaluate.ts'
import { Naming } from './naming.ts'
import { definePart } from './parts.ts'
import {
  int,
  isPoisoned,
  nameOfTarget,
  poison,
  type Callable,
  type GivenArgument,
  type Value,
} from './values.ts'

/** A stage may repeat its block this often; far more than any network does. */
const MAX_REPETITIONS = 1000

/** Unrolls a stage: every line's block, as often as it says, each fed by the one before. */
export function executeStage(context: Context, frame: Frame, stage: Stage): void {
  const name = stage.name.text
  let x = lookUp(context, frame, 'x', stage.name.span)
  let repetition = 0
  for (const line of stage.lines) {
    const count = line.count === undefined ? 1 : repetitions(context, frame, line.count)
    if (count === undefined) x = poison
    const stride = line.stride === undefined ? undefined : evaluate(context, frame, line.stride)
    context.slotsSeen.clear()
    for (let i = 0; i < (count ?? 0); i++, repetition++) {
      context.step(line.span, frame.variables.size)
      const trail = { ...frame.trail, part: name, partSpan: stage.name.span, repetition }
      const inside: Frame = {
        ...frame,
        trail,
        naming: new Naming(`${name}.${repetition}`),
        variables: new Map(frame.variables),
      }
      inside.variables.set('i', int(i)).set('n', int(count ?? 0))
      x = repeat(context, inside, line, x, i === 0 ? stride : stride && int(1))
    }
    if (!isPoisoned(x)) checkSlots(context, frame, line)
  }
  definePart(context, frame, partOf(stage), x)
}

const partOf = ({ name }: Stage): Omit<Part, 'output'> & { span: Span } => ({
  kind: 'stage',
  name: name.text,
  location: locationOf(name.span),
  span: name.span,
})

function repetitions(context: Context, frame: Frame, count: Expression): number | undefined {
  const value = integer(context, frame, count, 'the count of a stage')
  if (value === undefined) return undefined
  if (value > MAX_REPETITIONS)
    context.reportIn(frame, 'E0507', count.span, { count: value, limit: MAX_REPETITIONS })
  else if (value < 1) context.reportIn(frame, 'E0503', count.span, { count: value })
  else return value
  return undefined
}

/** One repetition: the block with its stride, and the modules that this repetition plugs into its slots. */
function repeat(context: Context, frame: Frame, line: StageLine, x: Value, stride: Value | undefined): Value {
  const block = evaluate(context, frame, line.block)
  const slots = plug(context, frame, line)
  if (block.kind === 'poison' || isPoisoned(x) || stride?.kind === 'poison') return poison
  if (block.kind !== 'callable')
    return context.reportIn(frame, 'E0401', line.block.span, {
      what: 'what a stage repeats',
      wanted: 'a block',
      found: 'a value',
    })
  const callable =
    stride === undefined ? block : withStride(context, frame, block, stride, line.stride?.span ?? line.span)
  if (callable === undefined) return poison
  const path = frame.naming.prefix
  return apply(context, frame, callable, { value: x, span: line.block.span }, line.block.span, {
    slots,
    path,
  })
}

/** The stage's stride becomes the block's argument `stride`. */
function withStride(
  context: Context,
  frame: Frame,
  block: Callable,
  value: Value,
  span: Span,
): Callable | undefined {
  const { target } = block
  if (target.kind === 'block' && !target.declaration.parameters.some(({ name }) => name.text === 'stride')) {
    context.reportIn(frame, 'E0502', span, { block: nameOfTarget(target) })
    return undefined
  }
  const stride: GivenArgument = { name: { text: 'stride', span }, value, span }
  return { ...block, given: [...block.given, stride] }
}

function plug(context: Context, frame: Frame, { withs }: StageLine): Map<string, PluggedModule[]> {
  const slots = new Map<string, PluggedModule[]>()
  for (const { module: expression, slot, condition } of withs) {
    const wanted =
      condition === undefined ||
      truth(context, frame, evaluate(context, frame, condition), condition.span, 'the condition')
    if (wanted !== true) continue
    const module = evaluate(context, frame, expression)
    if (module.kind === 'callable') {
      slots.set(slot.text, [...(slots.get(slot.text) ?? []), { module, span: expression.span }])
    } else if (module.kind !== 'poison') {
      const facts = { what: 'what is plugged into a slot', wanted: 'a module', found: 'a value' }
      context.reportIn(frame, 'E0401', expression.span, facts)
    }
  }
  return slots
}

function checkSlots(context: Context, frame: Frame, { withs }: StageLine): void {
  const known = [...context.slotsSeen]
  for (const { slot } of withs) {
    if (context.slotsSeen.has(slot.text)) continue
    const facts = { name: slot.text, nearest: nearest(slot.text, known), known }
    context.reportIn(frame, 'E0501', slot.span, facts)
  }
}
