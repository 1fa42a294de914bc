import type { IToken } from 'chevrotain'
import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { SourceFile } from '../source/source-file.ts'
import { spanning } from '../source/span.ts'
import type { BinaryOperator, Expression } from './ast.ts'

/** An operand with the `-` and `not` in front of it. */
export interface Operand {
  readonly prefixes: readonly IToken[]
  readonly value: Expression
}

/** An operator whose right operand is still being collected. */
interface Pending {
  readonly token: IToken
  readonly power: number
  readonly build: (operands: Expression[]) => Expression
}

const NOT_POWER = 3
const COMPARISON_POWER = 4
const RANGE_POWER = 5
const MINUS_POWER = 8

/** How tightly each operator binds; `->` is looser than all of them and belongs to the grammar. */
const levels: readonly (readonly [number, readonly BinaryOperator[]])[] = [
  [1, ['or']],
  [2, ['and']],
  [COMPARISON_POWER, ['==', '!=', '<', '<=', '>', '>=']],
  [6, ['+', '-']],
  [7, ['*', '/', '//', '%']],
]
const binaries = new Map<string, { operator: BinaryOperator; power: number }>(
  levels.flatMap(([power, operators]) =>
    operators.map((operator) => [operator, { operator, power }] as const),
  ),
)
/** Reported by `findMisspellings`, read as what was meant. */
const misspelt: Readonly<Record<string, string>> = { '&&': 'and', '||': 'or', '**': '*' }

/**
 * Builds the tree of `first operators[0] rest[0] operators[1] rest[1]...` by precedence (Dijkstra's shunting yard).
 * Iterative, so that its stack does not depend on the input.
 */
export class OperatorTree {
  readonly mistakes: Diagnostic[] = []
  private readonly values: Expression[] = []
  private readonly pending: Pending[] = []

  constructor(private readonly file: SourceFile) {}

  operand({ prefixes, value }: Operand): void {
    for (const token of prefixes) this.pending.push(this.prefix(token))
    this.values.push(value)
  }

  operator(token: IToken): void {
    const known = binaries.get(misspelt[token.image] ?? token.image)
    const power = known?.power ?? RANGE_POWER
    this.reduce(power + 1)
    this.checkChain(token, power)
    this.reduce(power)
    this.pending.push({ token, power, build: known === undefined ? range : binaryNode(known.operator) })
  }

  finish(): Expression {
    this.reduce(0)
    return take(this.values)
  }

  private prefix(token: IToken): Pending {
    const operator = token.image === '-' ? '-' : 'not'
    const start = { file: this.file, start: token.startOffset, end: token.startOffset }
    const build = (operands: Expression[]): Expression => {
      const operand = take(operands)
      return { kind: 'unary', operator, operand, span: spanning(start, operand.span) }
    }
    return { token, power: operator === '-' ? MINUS_POWER : NOT_POWER, build }
  }

  /** Closes the pending operators that bind at least as tightly. */
  private reduce(power: number): void {
    for (let top = this.pending.at(-1); top !== undefined && top.power >= power; top = this.pending.at(-1)) {
      this.pending.pop()
      this.values.push(top.build(this.values))
    }
  }

  private checkChain(token: IToken, power: number): void {
    const left = this.pending.at(-1)
    if (left?.power !== power || (power !== COMPARISON_POWER && power !== RANGE_POWER)) return
    const span = { file: this.file, start: token.startOffset, end: token.startOffset + token.image.length }
    this.mistakes.push(diagnose('E0115', span, { first: left.token.image, second: token.image }))
  }
}

const binaryNode =
  (operator: BinaryOperator) =>
  (operands: Expression[]): Expression => {
    const right = take(operands)
    const left = take(operands)
    return { kind: 'binary', operator, left, right, span: spanning(left.span, right.span) }
  }

function range(operands: Expression[]): Expression {
  const end = take(operands)
  const start = take(operands)
  return { kind: 'range', start, end, span: spanning(start.span, end.span) }
}

function take(operands: Expression[]): Expression {
  const operand = operands.pop()
  if (operand === undefined) throw new Error('an operator has lost its operand')
  return operand
}
