import { tokenMatcher, type IToken } from 'chevrotain'
import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Argument, Expression, Name } from '../ast.ts'
import { beginsBinding } from '../recovery.ts'
import * as T from '../tokens.ts'
import { OperatorTree, type Operand } from './operators.ts'
import type { Rule } from './recovering-parser.ts'
import { ValueGrammar } from './values.ts'

/** Expressions. Precedence below `->` is `OperatorTree`'s: one rule for all levels keeps recursion shallow. */
export abstract class ExpressionGrammar extends ValueGrammar {
  protected readonly expression: Rule<Expression> = this.RULE('expression', () =>
    this.nested(() => this.pipeline()),
  )

  private pipeline(): Expression {
    const start = this.LA(1)
    let value = this.SUBRULE(this.step)
    this.ACTION(() => this.checkNoSlot(value))
    this.MANY(() => {
      this.CONSUME(T.Arrow)
      const step = this.SUBRULE2(this.step)
      value = { kind: 'pipe', left: value, step, span: this.spanFrom(start) }
    })
    return value
  }

  private readonly step: Rule<Expression> = this.RULE('step', (): Expression => {
    const start = this.LA(1)
    const value = this.OR({
      DEF: [
        { GATE: () => this.atSlot(), ALT: () => this.SUBRULE(this.slot) },
        { ALT: () => this.SUBRULE(this.operation) },
      ],
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: 'an expression',
    })
    const name = this.OPTION({
      GATE: () => this.isWordHere(),
      DEF: () => {
        this.CONSUME(T.As)
        return this.SUBRULE(this.newName)
      },
    })
    return name === undefined ? value : { kind: 'as', value, name, span: this.spanFrom(start) }
  })

  private readonly slot: Rule<Expression> = this.RULE('slot', (): Expression => {
    const start = this.CONSUME(T.Slot)
    const name = this.nameOf(this.CONSUME(T.Name))
    return { kind: 'slot', name, span: this.spanFrom(start) }
  })

  private readonly operation: Rule<Expression> = this.RULE('operation', (): Expression => {
    const tree = new OperatorTree(this.stream.file)
    const first = this.SUBRULE(this.operand)
    this.ACTION(() => tree.operand(first))
    this.MANY(() => {
      const operator = this.CONSUME(T.BinaryOperator)
      this.ACTION(() => tree.operator(operator))
      const next = this.SUBRULE2(this.operand)
      this.ACTION(() => tree.operand(next))
    })
    return this.ACTION(() => this.finish(tree))
  })

  private readonly operand: Rule<Operand> = this.RULE('operand', (): Operand => {
    const prefixes: IToken[] = []
    this.MANY(() => prefixes.push(this.CONSUME(T.PrefixOperator)))
    const start = this.LA(1)
    let value = this.SUBRULE(this.primary)
    this.MANY2(() => {
      value = this.OR<Expression>([
        { ALT: () => this.call(value, start) },
        { ALT: () => this.index(value, start) },
        { ALT: () => this.member(value, start) },
      ])
    })
    return { prefixes, value }
  })

  private call(callee: Expression, start: IToken): Expression {
    const list = this.SUBRULE(this.callArguments)
    return { kind: 'call', callee, arguments: list, span: this.spanFrom(start) }
  }

  private index(object: Expression, start: IToken): Expression {
    this.CONSUME(T.LBracket)
    const index = this.SUBRULE(this.expression)
    this.CONSUME(T.RBracket)
    return { kind: 'index', object, index, span: this.spanFrom(start) }
  }

  private member(object: Expression, start: IToken): Expression {
    this.CONSUME(T.Dot)
    const name = this.nameOf(this.CONSUME(T.Name))
    return { kind: 'member', object, name, span: this.spanFrom(start) }
  }

  protected readonly callArguments: Rule<Argument[]> = this.RULE('callArguments', (): Argument[] => {
    const open = this.CONSUME(T.LParen)
    return this.listOf(open, 'an argument', T.RParen, () => this.SUBRULE(this.argument))
  })

  private readonly argument: Rule<Argument> = this.RULE('argument', (): Argument => {
    const start = this.LA(1)
    const name = this.OPTION({
      GATE: () => this.atArgumentName(),
      DEF: () => this.SUBRULE(this.argumentName),
    })
    const value = this.SUBRULE(this.expression)
    return { ...(name === undefined ? {} : { name }), value, span: this.spanFrom(start) }
  })

  private readonly argumentName: Rule<Name> = this.RULE('argumentName', (): Name => {
    const name = this.nameOf(this.CONSUME(T.Name))
    this.OR([
      { ALT: () => this.CONSUME(T.Colon) },
      { ALT: () => this.equalsForColon(this.CONSUME(T.Equals), name) },
    ])
    return name
  })

  private equalsForColon(token: IToken, name: Name): void {
    this.ACTION(() => this.report(diagnose('E0112', this.stream.span(token), { name: name.text })))
  }

  private finish(tree: OperatorTree): Expression {
    const value = tree.finish()
    for (const mistake of tree.mistakes) this.report(mistake)
    return value
  }

  /** A parameter named like a word is possible: `x: 3`. */
  private atArgumentName(): boolean {
    return tokenMatcher(this.LA(2), T.Colon) || tokenMatcher(this.LA(2), T.Equals)
  }

  /** `slot NAME`; but `slot` alone, or before the binding of the next line, is a name. */
  private atSlot(): boolean {
    if (!tokenMatcher(this.LA(2), T.Name)) return false
    return !beginsBinding(this.stream, this.stream.indexOf(this.LA(2)))
  }

  private checkNoSlot(value: Expression): void {
    const inner = value.kind === 'as' ? value.value : value
    if (inner.kind !== 'slot') return
    this.report(diagnose('E0116', inner.span, { name: inner.name.text }))
  }
}
