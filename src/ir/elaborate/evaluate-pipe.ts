import type { Expression } from '../../parser/ast.ts'
import type { Span } from '../../source/span.ts'
import { apply, type Flow } from './apply.ts'
import { noSlots, type Context, type Frame } from './context.ts'
import { evaluate, lookUp } from './evaluate.ts'
import { cannotBeCalled, evaluateStep } from './evaluate-call.ts'
import { describe, isFlow, poison, type Value } from './values.ts'

type Pipe = Extract<Expression, { kind: 'pipe' }>

/**
 * `left -> step`. A pipeline that begins with an operator or a block begins at `x`. Its steps are taken in a loop: a long
 * pipeline nests no deeper than a short one.
 */
export function evaluatePipe(context: Context, frame: Frame, pipe: Pipe): Value {
  const steps = [pipe]
  let first = pipe.left
  for (; first.kind === 'pipe'; first = first.left) {
    context.step(first.span)
    steps.push(first)
  }
  let value = evaluate(context, frame, first)
  for (let next = steps.pop(); next !== undefined && value.kind !== 'poison'; next = steps.pop())
    value = takeStep(context, frame, next, value)
  return value
}

function takeStep(context: Context, frame: Frame, { left, step }: Pipe, given: Value): Value {
  const value = toFlow(context, frame, given, left.span)
  if (value.kind === 'poison') return poison
  const flow = { value, span: left.span }
  if (step.kind === 'slot') return throughSlot(context, frame, step.name.text, flow, step.span)
  const callable = evaluateStep(context, frame, step)
  if (callable.kind === 'callable') return apply(context, frame, callable, flow, step.span)
  if (callable.kind === 'poison') return poison
  return cannotBeCalled(context, frame, callable, step)
}

/** What flows on: tensors as they are, an operator or block applied to `x`. */
export function toFlow(context: Context, frame: Frame, value: Value, span: Span): Value {
  if (value.kind === 'list') context.step(span, value.items.length)
  if (isFlow(value) || value.kind === 'poison') return value
  if (value.kind !== 'callable')
    return context.reportIn(frame, 'E0512', span, {
      what: describe(value),
      wanted: 'what flows through `->`',
    })
  const x = lookUp(context, frame, 'x', span)
  return x.kind === 'poison' ? poison : apply(context, frame, value, { value: x, span }, span)
}

/** The modules that the stage plugged in here, one after the other; an empty slot is the identity. */
function throughSlot(context: Context, frame: Frame, slot: string, flow: Flow, span: Span): Value {
  if (frame.slots !== noSlots) context.slotsSeen.add(slot)
  let { value } = flow
  for (const plugged of frame.slots.get(slot) ?? []) {
    const path = frame.naming.preferably(plugged.module.label?.text ?? slot)
    // A module has no slots of its own to fill: the stage speaks of the block that it repeats.
    value = apply(context, frame, plugged.module, { value, span }, plugged.span, { path, slots: noSlots })
  }
  return value
}
