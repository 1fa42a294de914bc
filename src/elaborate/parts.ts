import type { Bind, Name } from '../parser/ast.ts'
import { locationOf, type Span } from '../source/span.ts'
import type { Part } from '../ir/graph.ts'
import type { Context, Frame } from './context.ts'
import { evaluate, toFlow } from './evaluate.ts'
import { Naming } from './graph-builder.ts'
import type { Value } from './values.ts'

/** Bindings of these names in a network's body are parts that reports group by. */
const partNames: ReadonlyMap<string, Part['kind']> = new Map([
  ['stem', 'stem'],
  ['head', 'head'],
])

/** Runs `stem = ...` or `head = ...`; false for a binding of any other name. */
export function executePart(context: Context, frame: Frame, bind: Bind): boolean {
  const part = namedPart(bind)
  if (part === undefined) return false
  const { kind, name, span } = part
  const expression = bind.value
  // Its operators' paths begin with its name: a block outside of it may not have the same.
  if (!context.partNames.has(name) && frame.naming.exactly(name) === undefined)
    context.report('E0511', span, { name })
  const trail = { ...frame.trail, part: name, partSpan: span }
  const inside: Frame = { ...frame, trail, naming: new Naming(name) }
  const value = toFlow(context, inside, evaluate(context, inside, expression), expression.span)
  definePart(context, frame, kind, bind.targets[0] ?? { text: name, span }, value)
  return true
}

function namedPart({ targets: [target, ...others] }: Bind) {
  const kind = target === undefined || others.length > 0 ? undefined : partNames.get(target.text)
  return target === undefined || kind === undefined
    ? undefined
    : { kind, name: target.text, span: target.span }
}

/** Whether a binding in a network's body is a part. */
export const isPart = (bind: Bind): boolean => namedPart(bind) !== undefined

const sameTurn = (earlier: Span, span: Span): boolean => earlier.start === span.start

const inLoop = {
  help: 'a loop defines it anew in each turn: repeat a block with `x COUNT`, or put the loop into a block',
}

/** Makes what a part computes the network's running tensor, and known under the part's name. */
export function definePart(
  context: Context,
  frame: Frame,
  kind: Part['kind'],
  site: Name,
  value: Value,
): void {
  const { text: name, span } = site
  const earlier = context.partNames.get(name)
  if (earlier !== undefined)
    context.report('E0203', span, { name, what: 'part' }, sameTurn(earlier, span) ? inLoop : {})
  context.partNames.set(name, span)
  frame.variables.set('x', value).set(name, value)
  context.name(frame, site, 'part', value)
  const tensors = value.kind === 'list' ? value.items : [value]
  const [output, ...others] = tensors.flatMap((tensor) => (tensor.kind === 'tensor' ? [tensor.id] : []))
  if (output !== undefined)
    context.builder.part({
      kind,
      name,
      output,
      ...(others.length > 0 ? { others } : {}),
      location: locationOf(span),
    })
}
