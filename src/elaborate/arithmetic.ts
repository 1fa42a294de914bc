import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { BinaryOperator } from '../parser/ast.ts'
import type { Span } from '../source/span.ts'
import { bool, describe, float, int, isNumber, type Evaluated } from './values.ts'

/** Lists longer than this are a mistake or an attack. */
export const MAX_LIST = 10_000

/** `left OPERATOR right` on compile-time values; tensors are not its business. */
export function binaryOperation(
  operator: BinaryOperator,
  left: Evaluated,
  right: Evaluated,
  span: Span,
): Evaluated | Diagnostic {
  if (operator === '==' || operator === '!=') return equality(operator, left, right, span)
  if (isNumber(left) && isNumber(right)) return onNumbers(operator, left, right, span)
  if (operator === '+' && left.kind === 'list' && right.kind === 'list') {
    const items = [...left.items, ...right.items]
    return items.length <= MAX_LIST
      ? { kind: 'list', items }
      : diagnose('E0507', span, { count: items.length, limit: MAX_LIST })
  }
  return unfit(operator, left, right, span)
}

const unfit = (operator: string, left: Evaluated, right: Evaluated, span: Span): Diagnostic =>
  diagnose('E0410', span, { operator, left: describe(left), right: describe(right) })

function equality(
  operator: '==' | '!=',
  left: Evaluated,
  right: Evaluated,
  span: Span,
): Evaluated | Diagnostic {
  const comparable = (isNumber(left) && isNumber(right)) || left.kind === right.kind
  if (!comparable || !('value' in left) || !('value' in right)) return unfit(operator, left, right, span)
  return bool((left.value === right.value) === (operator === '=='))
}

type Numeric = { readonly kind: 'int' | 'float'; readonly value: number }

function onNumbers(
  operator: BinaryOperator,
  left: Numeric,
  right: Numeric,
  span: Span,
): Evaluated | Diagnostic {
  const [a, b] = [left.value, right.value]
  const integers = left.kind === 'int' && right.kind === 'int'
  switch (operator) {
    case '<':
      return bool(a < b)
    case '<=':
      return bool(a <= b)
    case '>':
      return bool(a > b)
    case '>=':
      return bool(a >= b)
    case 'and':
    case 'or':
      return unfit(operator, left, right, span)
    case '/':
    case '//':
    case '%':
      return division(operator, a, b, integers, span)
    default:
      return number(operator === '+' ? a + b : operator === '-' ? a - b : a * b, integers, span)
  }
}

function division(
  operator: '/' | '//' | '%',
  a: number,
  b: number,
  integers: boolean,
  span: Span,
): Evaluated | Diagnostic {
  if (b === 0) return diagnose('E0407', span, { operator })
  if (operator === '//') return number(Math.floor(a / b), integers, span)
  if (operator === '%') return number(a - b * Math.floor(a / b), integers, span)
  if (integers && a % b !== 0) return diagnose('E0406', span, { left: a, right: b })
  return number(a / b, integers, span)
}

/** A number as a value, if it is one that can be relied on. */
export function number(value: number, integer: boolean, span: Span): Evaluated | Diagnostic {
  const sound = integer ? Number.isSafeInteger(value) : Number.isFinite(value)
  if (!sound) return diagnose('E0409', span, { value: String(value) })
  // No negative zero: JSON could not carry it.
  const plain = value === 0 ? 0 : value
  return integer ? int(plain) : float(plain)
}

/** The value of `-value` or `not value`, or the mistake that it is. */
export function unaryOperation(
  operator: '-' | 'not',
  operand: Evaluated,
  span: Span,
): Evaluated | Diagnostic {
  if (operator === 'not' && operand.kind === 'bool') return bool(!operand.value)
  if (operator === '-' && isNumber(operand)) return number(-operand.value, operand.kind === 'int', span)
  return diagnose('E0401', span, {
    what: `the operand of \`${operator}\``,
    wanted: operator === 'not' ? 'a bool' : 'a number',
    found: describe(operand),
  })
}
