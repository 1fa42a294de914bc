import type { IToken, TokenType } from 'chevrotain'
import type { SourceFile } from '../source/source-file.ts'
import type { Span } from '../source/span.ts'
import { RBrace, StringLiteral } from './tokens.ts'
import { clipped } from './clip.ts'
import { isOf } from './token-kinds.ts'
import { matchBrackets, type Brackets } from './brackets.ts'

/** The tokens of a file, and what recovery asks about them. The end of the file is the token past the last. */
export class TokenStream {
  readonly brackets: Brackets
  private readonly lastStrayBrace: IToken | undefined

  constructor(
    readonly file: SourceFile,
    readonly tokens: IToken[],
  ) {
    this.brackets = matchBrackets(file.text, tokens)
    this.lastStrayBrace = this.brackets.strays.filter(({ tokenType }) => tokenType === RBrace).at(-1)
  }

  at(index: number): IToken | undefined {
    return this.tokens[index]
  }

  is(index: number, ...types: TokenType[]): boolean {
    const token = this.tokens[index]
    return token !== undefined && types.some((type) => isOf(token, type))
  }

  /** The token's place in the stream; the number of tokens for the end of the file. */
  indexOf(token: IToken): number {
    if (Number.isNaN(token.startOffset)) return this.tokens.length
    let low = 0
    let high = this.tokens.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.tokens[middle]?.startOffset ?? 0) < token.startOffset) low = middle + 1
      else high = middle
    }
    return low
  }

  startOf(token: IToken): number {
    return Number.isNaN(token.startOffset) ? this.end : token.startOffset
  }

  endOf(token: IToken): number {
    return Number.isNaN(token.startOffset) ? this.end : token.startOffset + token.image.length
  }

  span(first: IToken, last: IToken = first): Span {
    const start = this.startOf(first)
    return { file: this.file, start, end: Math.max(start, this.endOf(last)) }
  }

  /** Whether only blanks and comments precede the token on its line. */
  beginsLine(index: number): boolean {
    const token = this.tokens[index]
    const previous = this.tokens[index - 1]
    if (token === undefined || previous === undefined) return true
    return this.file.text.slice(this.endOf(previous), token.startOffset).includes('\n')
  }

  /** Where the line of the token begins, or the token before it ends if that is later. */
  lineStartOf(token: IToken): number {
    const previous = this.tokens[this.indexOf(token) - 1]
    const line = this.lineStart(this.startOf(token))
    return previous === undefined ? line : Math.max(line, this.endOf(previous))
  }

  sameLine(first: IToken, second: IToken): boolean {
    return this.lineStart(this.startOf(first)) === this.lineStart(this.startOf(second))
  }

  /** The number of blanks in front of the line that the token is on. */
  indentationOf(index: number): number {
    const token = this.tokens[index]
    const line = this.lineStart(token === undefined ? this.end : token.startOffset)
    let at = line
    while (this.file.text[at] === ' ' || this.file.text[at] === '\t') at++
    return at - line
  }

  private lineStart(offset: number): number {
    return offset === 0 ? 0 : this.file.text.lastIndexOf('\n', offset - 1) + 1
  }

  /** Whether a `}` that closes nothing stands at the token or behind it. */
  strayBraceBehind(token: IToken): boolean {
    return this.lastStrayBrace !== undefined && this.lastStrayBrace.startOffset >= this.startOf(token)
  }

  /** How messages name a token that stands in the wrong place. */
  describe(token: IToken): string {
    if (Number.isNaN(token.startOffset)) return 'the end of the file'
    if (isOf(token, StringLiteral)) return 'a string'
    return `\`${clipped(token.image)}\``
  }

  /** Where the text ends, not counting blanks and comments after the last token. */
  private get end(): number {
    const last = this.tokens.at(-1)
    return last === undefined ? 0 : last.startOffset + last.image.length
  }
}
