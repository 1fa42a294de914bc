import { EMPTY_ALT, tokenMatcher, type IToken } from 'chevrotain'
import { diagnose } from '../../diagnostics/diagnose.ts'
import type * as Ast from '../ast.ts'
import * as T from '../tokens.ts'
import { MAX_NESTING } from '../limits.ts'
import { PlacementGrammar } from './placements.ts'
import { TooDeep, type Rule } from './recovering-parser.ts'

/** The parameters of blocks and networks. */
export abstract class ParameterGrammar extends PlacementGrammar {
  /** When a parameter can't be read, those before it still count, and the body is read all the same. */
  protected readonly parameters: Rule<Ast.Parameter[]> = this.RULE('parameters', (): Ast.Parameter[] => {
    const parameters: Ast.Parameter[] = []
    this.recover('header', () => {
      const open = this.CONSUME(T.LParen)
      this.listOf(open, 'a parameter', T.RParen, () => parameters.push(this.SUBRULE(this.parameter)))
    })
    return parameters
  })

  private readonly parameter: Rule<Ast.Parameter> = this.RULE('parameter', (): Ast.Parameter => {
    const start = this.LA(1)
    const name = this.nameOf(this.CONSUME(T.Name))
    const type = this.OR<Ast.TypeReference | undefined>({
      DEF: [
        { ALT: () => this.SUBRULE(this.type) },
        { GATE: () => this.isUntyped(), ALT: EMPTY_ALT(undefined) },
      ],
      ERR_MSG: '`:` and a type',
    })
    const value = this.OPTION(() => {
      this.CONSUME(T.Equals)
      return this.SUBRULE(this.expression)
    })
    const known = type ?? this.ACTION(() => this.assumedType(name, value))
    return { name, type: known, ...(value && { default: value }), span: this.spanFrom(start) }
  })

  private checkRank(rank: number, bracket: IToken): void {
    if (rank > MAX_NESTING) throw new TooDeep(bracket)
  }

  private isUntyped(): boolean {
    return [T.Comma, T.RParen, T.Equals].some((type) => tokenMatcher(this.LA(1), type))
  }

  /** Reports that the type is missing, and takes the likely one: the parameter's uses are no mistakes. */
  private assumedType(name: Ast.Name, value: Ast.Expression | undefined): Ast.TypeReference {
    const [type, rank] = typeOf(value)
    this.report(diagnose('E0127', name.span, { name: name.text, type: type + '[]'.repeat(rank) }))
    const span = { ...name.span, start: name.span.end }
    return { name: { text: type, span }, rank, span }
  }

  /** `: TYPE` */
  private readonly type: Rule<Ast.TypeReference> = this.RULE('type', (): Ast.TypeReference => {
    this.CONSUME(T.Colon)
    const token = this.OR({
      DEF: [{ ALT: () => this.CONSUME(T.Name) }, { ALT: () => this.CONSUME(T.Block) }],
      ERR_MSG: 'a type',
    })
    let rank = 0
    this.MANY(() => {
      const bracket = this.CONSUME(T.LBracket)
      this.CONSUME(T.RBracket)
      rank++
      // A type of so many dimensions makes values that nest as deeply.
      this.ACTION(() => this.checkRank(rank, bracket))
    })
    return { name: this.nameOf(token), rank, span: this.spanFrom(token) }
  })
}

/** The type, and its pairs of brackets, that a default most likely has. */
function typeOf(value: Ast.Expression | undefined): readonly [string, number] {
  switch (value?.kind) {
    case 'number':
      return [value.integer ? 'int' : 'float', 0]
    case 'string':
      return ['string', 0]
    case 'boolean':
      return ['bool', 0]
    case 'list': {
      const [name, rank] = typeOf(value.items[0])
      return [name, rank + 1]
    }
    case 'name':
    case 'call':
      return ['block', 0]
    default:
      return ['int', 0]
  }
}
