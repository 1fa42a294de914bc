import type { IToken } from 'chevrotain'
import type { Expression } from '../ast.ts'
import { numberValue, stringValue } from '../text.ts'
import * as T from '../tokens.ts'
import type { Rule } from './recovering-parser.ts'
import { SharedRules } from './shared-rules.ts'

/** Expressions that no operator splits: literals, names, brackets, lists, choices. */
export abstract class ValueGrammar extends SharedRules {
  protected abstract readonly expression: Rule<Expression>

  protected readonly primary: Rule<Expression> = this.RULE('primary', (): Expression =>
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
    const condition = this.OPTION2(() => {
      this.CONSUME(T.If)
      return this.SUBRULE3(this.expression)
    })
    this.CONSUME(T.Colon)
    const element = this.SUBRULE4(this.expression)
    this.CONSUME2(T.RBracket)
    const filter = condition === undefined ? {} : { condition }
    return { kind: 'comprehension', variable, over, ...filter, element, span: this.spanFrom(open) }
  }

  private readonly choice: Rule<Expression> = this.RULE('choice', (): Expression => {
    const start = this.CONSUME(T.If)
    const condition = this.SUBRULE(this.expression)
    const then = this.SUBRULE(this.branch)
    this.CONSUME(T.Else)
    const otherwise = this.OR({
      DEF: [
        { ALT: () => this.nested(() => this.SUBRULE(this.choice)) },
        { ALT: () => this.SUBRULE2(this.branch) },
      ],
      ERR_MSG: '`{` or `if`',
    })
    return { kind: 'choice', condition, then, else: otherwise, span: this.spanFrom(start) }
  })

  private readonly branch: Rule<Expression> = this.RULE('branch', (): Expression => {
    this.CONSUME(T.LBrace)
    const value = this.SUBRULE(this.expression)
    this.CONSUME(T.RBrace)
    return value
  })

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
