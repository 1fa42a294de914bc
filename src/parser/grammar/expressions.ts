import { tokenMatcher, type IToken } from 'chevrotain'
import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Argument, Expression, Name } from '../ast.ts'
import { numberValue } from '../literals.ts'
import { beginsBinding } from '../recovery.ts'
import { stringValue } from '../strings.ts'
import * as T from '../tokens.ts'
import { OperatorTree, type Operand } from './operators.ts'
import { RecoveringParser, type Rule } from './recovering-parser.ts'

/** Expressions. Precedence below `->` is `OperatorTree`'s: one rule for all levels keeps recursion shallow. */
export abstract class ExpressionGrammar extends RecoveringParser {
  protected readonly expression: Rule<Expression> = this.RULE('expression', (): Expression => {
    const start = this.LA(1)
    let value = this.SUBRULE(this.step)
    this.ACTION(() => this.checkNoSlot(value))
    this.MANY(() => {
      this.CONSUME(T.Arrow)
      const step = this.SUBRULE2(this.step)
      value = { kind: 'pipe', left: value, step, span: this.spanFrom(start) }
    })
    return value
  })

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

  private readonly primary: Rule<Expression> = this.RULE('primary', (): Expression =>
    this.OR<Expression>({
      DEF: [
        { ALT: () => this.nameExpression(this.CONSUME(T.Name)) },
        { ALT: () => this.number(this.CONSUME(T.NumberLiteral)) },
        { ALT: () => this.string(this.CONSUME(T.StringLiteral)) },
        { ALT: () => this.boolean(this.CONSUME(T.True), true) },
        { ALT: () => this.boolean(this.CONSUME(T.False), false) },
        { ALT: () => this.SUBRULE(this.parenthesized) },
        { ALT: () => this.SUBRULE(this.list) },
        { ALT: () => this.SUBRULE(this.choice) },
      ],
      ERR_MSG: 'an expression',
    }),
  )

  /** The brackets belong to the span, so that the spans of all operands nest in their operation's. */
  private readonly parenthesized: Rule<Expression> = this.RULE('parenthesized', (): Expression => {
    const start = this.CONSUME(T.LParen)
    const value = this.SUBRULE(this.expression)
    this.CONSUME(T.RParen)
    return { ...value, span: this.spanFrom(start) }
  })

  private readonly list: Rule<Expression> = this.RULE('list', (): Expression => {
    const open = this.CONSUME(T.LBracket)
    return this.OR<Expression>({
      DEF: [{ ALT: () => this.comprehension(open) }, { ALT: () => this.items(open) }],
      ERR_MSG: 'an expression or `]`',
    })
  })

  private items(open: IToken): Expression {
    const items = this.listOf(open, 'an expression', T.RBracket, () => this.SUBRULE(this.expression))
    return { kind: 'list', items, span: this.spanFrom(open) }
  }

  private comprehension(open: IToken): Expression {
    this.CONSUME(T.For)
    const variable = this.SUBRULE(this.newName)
    this.CONSUME(T.In)
    const over = this.SUBRULE2(this.expression)
    this.CONSUME(T.Colon)
    const element = this.SUBRULE3(this.expression)
    this.CONSUME2(T.RBracket)
    return { kind: 'comprehension', variable, over, element, span: this.spanFrom(open) }
  }

  private readonly choice: Rule<Expression> = this.RULE('choice', (): Expression => {
    const start = this.CONSUME(T.If)
    const condition = this.SUBRULE(this.expression)
    const then = this.SUBRULE(this.branch)
    this.CONSUME(T.Else)
    const otherwise = this.OR([
      { ALT: () => this.SUBRULE(this.choice) },
      { ALT: () => this.SUBRULE2(this.branch) },
    ])
    return { kind: 'choice', condition, then, else: otherwise, span: this.spanFrom(start) }
  })

  private readonly branch: Rule<Expression> = this.RULE('branch', (): Expression => {
    this.CONSUME(T.LBrace)
    const value = this.SUBRULE(this.expression)
    this.CONSUME(T.RBrace)
    return value
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

  private nameExpression(token: IToken): Expression {
    return { kind: 'name', text: token.image, span: this.stream.span(token) }
  }

  private number(token: IToken): Expression {
    return { kind: 'number', ...numberValue(token.image), span: this.stream.span(token) }
  }

  private string(token: IToken): Expression {
    return { kind: 'string', value: stringValue(token.image), span: this.stream.span(token) }
  }

  private boolean(token: IToken, value: boolean): Expression {
    return { kind: 'boolean', value, span: this.stream.span(token) }
  }
}
