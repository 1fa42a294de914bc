import type { Expression } from '../../parser/ast.ts'
import { applyOperator } from './apply-operator.ts'
import type { Context, Frame } from './context.ts'
import { describe, type Value } from './values.ts'

type Binary = Extract<Expression, { kind: 'binary' }>

/** `a + b` and `a * b` of tensors are the operators `add` and `mul`. */
export function combineTensors(
  context: Context,
  frame: Frame,
  { operator, left, right, span }: Binary,
  first: Value,
  second: Value,
  path?: string,
): Value {
  const name = operator === '+' ? 'add' : operator === '*' ? 'mul' : undefined
  if (name === undefined) {
    const facts = { operator, left: describe(first), right: describe(second) }
    return context.reportIn(frame, 'E0410', span, facts)
  }
  if (first.kind !== 'tensor' || second.kind !== 'tensor') {
    const [odd, at] = first.kind === 'tensor' ? [second, right] : [first, left]
    const facts = { what: describe(odd), wanted: `each side of \`${operator}\`` }
    return context.reportIn(frame, 'E0512', at.span, facts)
  }
  const inputs = [
    { value: first, span: left.span },
    { value: second, span: right.span },
  ]
  return applyOperator(context, frame, {
    name,
    given: [],
    inputs,
    span,
    path: () => path ?? frame.naming.next(name),
  })
}
