import { tokenLabel, tokenMatcher, type IToken, type TokenType } from 'chevrotain'
import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Name } from '../ast.ts'
import { beginsBinding } from '../recovery.ts'
import * as T from '../tokens.ts'
import { RecoveringParser, type Rule } from './recovering-parser.ts'

/** What every part of the grammar uses: names, bracketed lists, words that are names elsewhere. */
export abstract class SharedRules extends RecoveringParser {
  /** The rest of a bracketed list: elements with commas between, one more allowed at the end. */
  protected listOf<T>(open: IToken, what: string, closer: TokenType, read: () => T): T[] {
    const elements: T[] = []
    this.MANY({
      GATE: () => this.atElement(open) && !this.atForgottenBracket(open),
      DEF: () => {
        elements.push(read())
        this.OPTION(() => this.CONSUME(T.Comma))
      },
    })
    this.CONSUME(closer, { ERR_MSG: `${this.atElement(open) ? what : '`,`'} or ${tokenLabel(closer)}` })
    return elements
  }

  private atElement(open: IToken): boolean {
    return this.LA(0) === open || tokenMatcher(this.LA(0), T.Comma)
  }

  /** A name that is introduced here. A reserved word in its place is reported and taken for the name. */
  protected readonly newName: Rule<Name> = this.RULE('newName', (): Name => {
    const reserved = this.ACTION(() => this.reservedName())
    if (reserved !== undefined && !this.RECORDING_PHASE) return this.nameOf(reserved)
    return this.nameOf(this.CONSUME(T.Name))
  })

  private reservedName(): IToken | undefined {
    const token = this.LA(1)
    const at = this.stream.indexOf(token)
    if (!tokenMatcher(token, T.Keyword) || this.stream.beginsLine(at)) return undefined
    this.report(diagnose('E0111', this.stream.span(token), { word: token.image }))
    this.resume(at + 1)
    return token
  }

  /** A word with a meaning in this place; before `=` or `,` it is the name that the next statement binds. */
  protected isWordHere(): boolean {
    return !tokenMatcher(this.LA(2), T.Equals) && !tokenMatcher(this.LA(2), T.Comma)
  }

  /** Whether the next line binds a name, and so can't belong to a bracket that is never closed anyway. */
  private atForgottenBracket(open: IToken): boolean {
    if (this.stream.brackets.partner.has(open)) return false
    const at = this.stream.indexOf(this.LA(1))
    return this.stream.beginsLine(at) && beginsBinding(this.stream, at)
  }

  protected nameOf(token: IToken): Name {
    return this.ACTION(() => ({ text: token.image, span: this.stream.span(token) }))
  }
}
