import { tokenMatcher, type IToken } from 'chevrotain'
import type * as Ast from '../ast.ts'
import { beginsDeclaration } from '../recovery.ts'
import * as T from '../tokens.ts'
import { ExpressionGrammar } from './expressions.ts'
import type { Rule } from './recovering-parser.ts'

type MaybeStatement = Ast.Statement | undefined

/** What stands in the body of a block or network, except stages. */
export abstract class StatementGrammar extends ExpressionGrammar {
  protected abstract readonly stage: Rule<Ast.Stage>

  protected readonly body: Rule<Ast.Statement[]> = this.RULE('body', () => this.nested(() => this.braced()))

  private braced(): Ast.Statement[] {
    const statements: Ast.Statement[] = []
    const open = this.recover('here', () => this.CONSUME(T.LBrace))
    // A `}` too many further down tells that it is the `{` that was forgotten, and not the whole body.
    if (open === undefined && !this.stream.strayBraceBehind(this.LA(1))) return statements
    this.ACTION(() => this.skipToStatement(open))
    this.MANY(() => {
      const statement = this.SUBRULE(this.statement)
      if (statement !== undefined) statements.push(statement)
      this.ACTION(() => this.skipToStatement(open))
    })
    this.recover('here', () => this.CONSUME(T.RBrace))
    return statements
  }

  protected readonly statement: Rule<MaybeStatement> = this.RULE('statement', (): MaybeStatement =>
    this.recover('statement', () =>
      this.OR<Ast.Statement>({
        DEF: [
          { ALT: () => this.SUBRULE(this.ifStatement) },
          { ALT: () => this.SUBRULE(this.forStatement) },
          { ALT: () => this.SUBRULE(this.assertStatement) },
          { ALT: () => this.SUBRULE(this.returnStatement) },
          { GATE: () => this.isWordHere(), ALT: () => this.SUBRULE(this.stage) },
          { GATE: () => this.isWordHere(), ALT: () => this.SUBRULE(this.inputSize) },
          { GATE: () => this.isWordHere(), ALT: () => this.SUBRULE(this.metadata) },
          { ALT: () => this.SUBRULE(this.bind) },
        ],
        IGNORE_AMBIGUITIES: true,
        ERR_MSG: 'a statement',
      }),
    ),
  )

  private readonly bind: Rule<Ast.Bind> = this.RULE('bind', (): Ast.Bind => {
    const start = this.LA(1)
    const targets = [this.nameOf(this.CONSUME(T.Name))]
    this.MANY(() => {
      this.CONSUME(T.Comma)
      targets.push(this.nameOf(this.CONSUME2(T.Name)))
    })
    this.CONSUME(T.Equals)
    const value = this.SUBRULE(this.value)
    return { kind: 'bind', targets, value, span: this.spanFrom(start) }
  })

  /** An expression at the end of a statement: when it can't be read, the statement still counts. */
  private readonly value: Rule<Ast.Expression> = this.RULE('value', (): Ast.Expression => {
    const start = this.LA(1)
    return this.recover('statement', () => this.SUBRULE(this.expression)) ?? this.missing(start)
  })

  /** An expression in front of a body. */
  private readonly header: Rule<Ast.Expression> = this.RULE('header', (): Ast.Expression => {
    const start = this.LA(1)
    return this.recover('header', () => this.SUBRULE(this.expression)) ?? this.missing(start)
  })

  private readonly ifStatement: Rule<Ast.If> = this.RULE('ifStatement', (): Ast.If => {
    const start = this.CONSUME(T.If)
    const condition = this.SUBRULE(this.header)
    const then = this.SUBRULE(this.body)
    const otherwise = this.OPTION(() => {
      this.CONSUME(T.Else)
      return this.OR<Ast.Statement[]>({
        DEF: [
          { ALT: () => [this.nested(() => this.SUBRULE(this.ifStatement))] },
          { ALT: () => this.SUBRULE2(this.body) },
        ],
        ERR_MSG: '`{` or `if`',
      })
    })
    const rest = otherwise === undefined ? {} : { else: otherwise }
    return { kind: 'if', condition, then, ...rest, span: this.spanFrom(start) }
  })

  private readonly forStatement: Rule<Ast.For> = this.RULE('forStatement', (): Ast.For => {
    const start = this.CONSUME(T.For)
    const variable = this.SUBRULE(this.newName)
    this.CONSUME(T.In)
    const over = this.SUBRULE(this.header)
    const body = this.SUBRULE(this.body)
    return { kind: 'for', variable, over, body, span: this.spanFrom(start) }
  })

  private readonly assertStatement: Rule<Ast.Assert> = this.RULE('assertStatement', (): Ast.Assert => {
    const start = this.CONSUME(T.Assert)
    const condition = this.SUBRULE(this.expression)
    const message = this.OPTION(() => {
      this.CONSUME(T.Comma)
      return this.SUBRULE2(this.expression)
    })
    return { kind: 'assert', condition, ...(message && { message }), span: this.spanFrom(start) }
  })

  private readonly returnStatement: Rule<Ast.Return> = this.RULE('returnStatement', (): Ast.Return => {
    const start = this.CONSUME(T.Return)
    const values = [this.SUBRULE(this.value)]
    this.MANY(() => {
      this.CONSUME(T.Comma)
      values.push(this.SUBRULE2(this.value))
    })
    return { kind: 'return', values, span: this.spanFrom(start) }
  })

  private readonly inputSize: Rule<Ast.Input> = this.RULE('inputSize', (): Ast.Input => {
    const start = this.CONSUME(T.Input)
    const dimensions = [this.SUBRULE(this.expression)]
    this.MANY({
      GATE: () => this.isWordHere(),
      DEF: () => {
        this.CONSUME(T.X)
        dimensions.push(this.SUBRULE2(this.expression))
      },
    })
    return { kind: 'input', dimensions, span: this.spanFrom(start) }
  })

  private readonly metadata: Rule<Ast.Metadata> = this.RULE('metadata', (): Ast.Metadata => {
    const start = this.CONSUME(T.Metadata)
    const list = this.SUBRULE(this.callArguments)
    return { kind: 'metadata', arguments: list, span: this.spanFrom(start) }
  })

  /** Leaves the next token at a statement or at the end of the body. */
  private skipToStatement(open: IToken | undefined): void {
    while (!this.atStatement() && !this.atBodyEnd(open)) this.skipFrom('a statement or `}`', 'statement')
  }

  private atStatement(): boolean {
    return statementStarts.some((type) => tokenMatcher(this.LA(1), type))
  }

  protected atBodyEnd(open: IToken | undefined): boolean {
    const at = this.stream.indexOf(this.LA(1))
    if (at >= this.stream.tokens.length || this.stream.is(at, T.RBrace)) return true
    const closed = open !== undefined && this.stream.brackets.partner.has(open)
    return !closed && beginsDeclaration(this.stream, at)
  }
}

const statementStarts = [T.Name, T.If, T.For, T.Assert, T.Return]
