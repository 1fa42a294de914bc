import type { Span } from '../../source/span.ts'
import { applyOperator, type InputTensor } from './apply-operator.ts'
import type { Context, Frame, Slots } from './context.ts'
import { Naming } from './naming.ts'
import {
  describe,
  isFlow,
  isPoisoned,
  nameOfTarget,
  poison,
  type Callable,
  type GivenArgument,
  type Value,
} from './values.ts'

/** A value that flows into an operator or a block, and the expression it came from. */
export interface Flow {
  readonly value: Value
  readonly span: Span
}

export interface ApplyOptions {
  /** The path of the node or block, where the caller decides it (stages, slots). */
  readonly path?: string
  /** Names what a block makes, where the caller has made operators at this path already. */
  readonly naming?: Naming
  readonly slots?: Slots
}

/**
 * Applies an operator or a block to what flows into it. Arguments that are tensors and come first are inputs
 * too: `concat(a, b)`, `a -> fuse(b)`.
 */
export function apply(
  context: Context,
  frame: Frame,
  callable: Callable,
  piped: Flow | undefined,
  span: Span,
  options: ApplyOptions = {},
): Value {
  const leading = leadingTensors(callable.given)
  const given = leading.length === 0 ? callable.given : callable.given.slice(leading.length)
  const flows: readonly Flow[] = piped === undefined ? leading : [piped, ...leading]
  if (flows.some(({ value }) => isPoisoned(value))) return poison
  for (const { value } of flows) countItems(context, value, span)
  for (const { value } of given) countItems(context, value, span)
  const { target } = callable
  if (target.kind === 'identity') return flows[0]?.value ?? poison
  const path = () => options.path ?? pathFor(context, frame, callable)
  if (target.kind === 'operator') {
    const inputs = tensorsOf(context, frame, flows, target.name)
    return inputs === undefined
      ? poison
      : applyOperator(context, frame, { name: target.name, given, inputs, span, path })
  }
  const [input, ...others] = flows
  if (input === undefined || !isFlow(input.value))
    return notATensor(context, frame, input, span, nameOfTarget(target))
  return context.runBlock(context, frame, {
    target,
    given: others.length === 0 ? given : [...others, ...given],
    input,
    span,
    naming: options.naming ?? new Naming(path()),
    slots: options.slots ?? frame.slots,
  })
}

function countItems(context: Context, value: Value, span: Span): void {
  if (value.kind === 'list') context.step(span, value.items.length)
}

function leadingTensors(given: readonly GivenArgument[]): readonly GivenArgument[] {
  const end = given.findIndex(({ name, value }) => name !== undefined || !isFlow(value))
  return end === -1 ? given : given.slice(0, end)
}

export const hasLeadingTensor = ({ given }: Callable): boolean => leadingTensors(given).length > 0

function pathFor(context: Context, { naming }: Frame, { label, target }: Callable): string {
  if (label === undefined) return naming.next(nameOfTarget(target))
  const path = naming.exactly(label.text)
  if (path !== undefined) return path
  context.report('E0511', label.span, { name: label.text })
  return naming.next(label.text)
}

function tensorsOf(
  context: Context,
  frame: Frame,
  flows: readonly Flow[],
  callee: string,
): InputTensor[] | undefined {
  const tensors: InputTensor[] = []
  for (const flow of flows) {
    const { value: whole, span } = flow
    for (const value of whole.kind === 'list' ? whole.items : [whole]) {
      if (value.kind !== 'tensor') {
        notATensor(context, frame, { value, span }, span, callee)
        return undefined
      }
      tensors.push({ value, span })
    }
  }
  return tensors
}

function notATensor(
  context: Context,
  frame: Frame,
  flow: Flow | undefined,
  span: Span,
  callee: string,
): Value {
  const what = flow === undefined ? 'nothing' : describe(flow.value)
  return context.reportIn(frame, 'E0512', flow?.span ?? span, { what, wanted: `the input of \`${callee}\`` })
}
