import { EOF, tokenMatcher, type IToken } from 'chevrotain'
import type * as Ast from '../ast.ts'
import { stringValue } from '../text.ts'
import * as T from '../tokens.ts'
import type { GrammarOptions, Rule } from './recovering-parser.ts'
import { ParameterGrammar } from './parameters.ts'

/** What the top level of a file holds. Documentation is added afterwards: it is no part of the grammar. */
export interface TopLevel {
  readonly imports: readonly Ast.Import[]
  readonly declarations: readonly Ast.Declaration[]
}

/** The whole grammar: imports, networks, variants and blocks. */
export class ArchGrammar extends ParameterGrammar {
  constructor(options: GrammarOptions = {}) {
    super(options)
    this.performSelfAnalysis()
  }

  readonly topLevel: Rule<TopLevel> = this.RULE('topLevel', (): TopLevel => {
    const imports: Ast.Import[] = []
    const declarations: Ast.Declaration[] = []
    this.ACTION(() => this.skipToDeclaration())
    this.MANY(() => {
      this.recover('declaration', () => {
        this.OR([
          { ALT: () => imports.push(this.SUBRULE(this.import)) },
          { ALT: () => declarations.push(this.SUBRULE(this.network)) },
          { ALT: () => declarations.push(this.SUBRULE(this.block)) },
        ])
      })
      this.ACTION(() => this.skipToDeclaration())
    })
    return { imports, declarations }
  })

  /** A single expression and nothing else, as on the command line. */
  readonly wholeExpression: Rule<Ast.Expression> = this.RULE('wholeExpression', (): Ast.Expression => {
    const start = this.LA(1)
    const value = this.recover('declaration', () => {
      const expression = this.SUBRULE(this.expression)
      this.CONSUME(EOF)
      return expression
    })
    return value ?? this.missing(start)
  })

  private readonly import: Rule<Ast.Import> = this.RULE('import', (): Ast.Import => {
    const start = this.CONSUME(T.Import)
    const open = this.CONSUME(T.LBrace)
    const names = this.listOf(open, 'a name', T.RBrace, () => this.nameOf(this.CONSUME(T.Name)))
    this.CONSUME(T.From)
    const path = this.CONSUME(T.StringLiteral)
    const fromSpan = this.stream.span(path)
    return { kind: 'import', names, from: stringValue(path.image), fromSpan, span: this.spanFrom(start) }
  })

  private readonly network = this.RULE('network', (): Ast.Network | Ast.Variant => {
    const start = this.CONSUME(T.Network)
    const name = this.SUBRULE(this.newName)
    return this.OR<Ast.Network | Ast.Variant>({
      DEF: [
        { ALT: () => this.variant(start, name) },
        { ALT: () => this.wholeNetwork(start, name) },
        { ALT: () => this.withoutParameters(start, name) },
      ],
      ERR_MSG: '`(` or `=`',
    })
  })

  private variant(start: IToken, name: Ast.Name): Ast.Variant {
    this.CONSUME(T.Equals)
    const base = this.nameOf(this.CONSUME(T.Name))
    const list = this.SUBRULE(this.callArguments)
    return { kind: 'variant', name, base, arguments: list, span: this.spanFrom(start) }
  }

  private wholeNetwork(start: IToken, name: Ast.Name): Ast.Network {
    const parameters = this.SUBRULE(this.parameters)
    const body = this.SUBRULE(this.body)
    return { kind: 'network', name, parameters, body, span: this.spanFrom(start) }
  }

  /** `network NAME {`: only the brackets are missing. */
  private withoutParameters(start: IToken, name: Ast.Name): Ast.Network {
    this.ACTION(() => this.reject('`(` or `=`', start))
    const body = this.SUBRULE2(this.body)
    return { kind: 'network', name, parameters: [], body, span: this.spanFrom(start) }
  }

  private readonly block: Rule<Ast.Block> = this.RULE('block', (): Ast.Block => {
    const start = this.CONSUME(T.Block)
    const name = this.SUBRULE(this.newName)
    const parameters = this.SUBRULE(this.parameters)
    const body = this.SUBRULE(this.body)
    return { kind: 'block', name, parameters, body, span: this.spanFrom(start) }
  })

  private skipToDeclaration(): void {
    while (!declarationStarts.some((type) => tokenMatcher(this.LA(1), type)))
      this.skipFrom('`network`, `block` or `import`', 'declaration')
  }
}

const declarationStarts = [T.Import, T.Network, T.Block, EOF]
