import type { IToken, TokenType } from 'chevrotain'
import * as T from './tokens.ts'
import { MAX_NESTING } from './limits.ts'
import type { SourceFile } from '../source/source-file.ts'
import type { Span } from '../source/span.ts'
import { clipped } from './text.ts'

/** Which brackets belong together, found before parsing: it tells a forgotten bracket from a wrong token. */
interface Brackets {
  /**
   * The partner of each bracket, from the opening one and from the closing one. A bracket without a partner is one too
   * many, or its partner was forgotten.
   */
  readonly partner: ReadonlyMap<IToken, IToken>
  /** Closing brackets without an opening one, in the order of the text. */
  readonly strays: readonly IToken[]
  /** For each token, and the end of the file, the index of the innermost bracket that is open there; -1 for none. */
  readonly openers: Int32Array
}

const openerOf = new Map<TokenType, TokenType>([
  [T.RParen, T.LParen],
  [T.RBracket, T.LBracket],
  [T.RBrace, T.LBrace],
])
/** Whether a token at the beginning of a line is a statement, and so no line of a stage. */
export const endsStageLines = (token: IToken, next: IToken | undefined): boolean =>
  next !== undefined &&
  T.isOf(token, T.AnyName) &&
  (next.tokenType === T.Equals || (token.tokenType === T.StageWord && T.isOf(next, T.AnyName)))

const openers = new Set(openerOf.values())
const declarations = new Set<TokenType>([T.ImportKeyword, T.NetworkKeyword, T.BlockKeyword])

const isOpener = (token: IToken): boolean => openers.has(token.tokenType)
export const isCloser = (token: IToken): boolean => openerOf.has(token.tokenType)

/**
 * Pairs brackets in one pass. A declaration at the margin ends whatever is still open above it; a statement that begins
 * a line ends the lines of a stage, none of which can begin so.
 */
function matchBrackets(text: string, tokens: readonly IToken[]): Brackets {
  const matcher = new Matcher(text, tokens)
  for (const index of tokens.keys()) matcher.read(index)
  return matcher.finish()
}

/** More brackets than this nobody forgot, and a text of nothing but brackets must not take for ever. */
const LOOK_BACK = 2 * MAX_NESTING

class Matcher implements Brackets {
  readonly partner = new Map<IToken, IToken>()
  readonly strays: IToken[] = []
  readonly openers: Int32Array
  /** What is open, from the outermost, for the pairing: a declaration at the margin begins anew. */
  private open: IToken[] = []
  /** Indices of what is open for who looks back from a token: only a partner closes. */
  private readonly around: number[] = []

  /** The brace around the lines of a stage, while it is the innermost one. */
  private ofStage: IToken | undefined

  constructor(
    private readonly text: string,
    private readonly tokens: readonly IToken[],
  ) {
    this.openers = new Int32Array(tokens.length + 1)
  }

  read(index: number): void {
    this.openers[index] = this.around.at(-1) ?? -1
    const token = this.tokens[index]
    if (token === undefined) return
    if (declarations.has(token.tokenType) && this.isAtMargin(token)) this.restart()
    if (this.endsStage(index)) this.forgetStage()
    if (isOpener(token)) this.push(token, index)
    else if (isCloser(token)) this.close(token)
  }

  finish(): Brackets {
    this.openers[this.tokens.length] = this.around.at(-1) ?? -1
    return this
  }

  private isAtMargin(token: IToken): boolean {
    return token.startOffset === 0 || this.text[token.startOffset - 1] === '\n'
  }

  /** A statement at the beginning of a line, where the lines of a stage should go on. */
  private endsStage(index: number): boolean {
    if (this.ofStage === undefined || this.open.at(-1) !== this.ofStage) return false
    const [before, token] = [this.tokens[index - 1], this.tokens[index]]
    if (before === undefined || token === undefined) return false
    const between = this.text.slice(before.startOffset + before.image.length, token.startOffset)
    return between.includes('\n') && endsStageLines(token, this.tokens[index + 1])
  }

  /** The brace of the stage stays without a partner. */
  private forgetStage(): void {
    this.ofStage = undefined
    this.open.pop()
  }

  private restart(): void {
    this.open = []
    this.ofStage = undefined
  }

  private push(token: IToken, index: number): void {
    if (token.tokenType === T.LBrace) {
      const isStage = index >= 2 && this.tokens[index - 2]?.tokenType === T.StageWord
      this.ofStage = isStage ? token : undefined
    }
    this.open.push(token)
    this.around.push(index)
  }

  private close(token: IToken): void {
    const depth = this.depthOfOpener(token)
    const opener = this.open[depth]
    if (opener === undefined) return void this.strays.push(token)
    this.open.length = depth
    this.partner.set(opener, token).set(token, opener)
    for (let top = this.around.pop(); top !== undefined && this.tokens[top] !== opener;)
      top = this.around.pop()
  }

  /** How deep the bracket lies that this one closes; brackets above it were forgotten. `)` never reaches over a `{`. */
  private depthOfOpener(closer: IToken): number {
    const wanted = openerOf.get(closer.tokenType)
    const last = Math.max(0, this.open.length - LOOK_BACK)
    for (let depth = this.open.length - 1; depth >= last; depth--) {
      const type = this.open[depth]?.tokenType
      if (type === wanted) return depth
      if (type === T.LBrace) return -1
    }
    return -1
  }
}

/** The tokens of a file, and what recovery asks about them. The end of the file is the token past the last. */
export class TokenStream {
  readonly brackets: Brackets
  private readonly lastStrayBrace: IToken | undefined

  constructor(
    readonly file: SourceFile,
    readonly tokens: IToken[],
  ) {
    this.brackets = matchBrackets(file.text, tokens)
    this.lastStrayBrace = this.brackets.strays.filter(({ tokenType }) => tokenType === T.RBrace).at(-1)
  }

  at(index: number): IToken | undefined {
    return this.tokens[index]
  }

  is(index: number, ...types: TokenType[]): boolean {
    const token = this.tokens[index]
    return token !== undefined && types.some((type) => T.isOf(token, type))
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
    if (T.isOf(token, T.StringLiteral)) return 'a string'
    return `\`${clipped(token.image)}\``
  }

  /** Where the text ends, not counting blanks and comments after the last token. */
  private get end(): number {
    const last = this.tokens.at(-1)
    return last === undefined ? 0 : last.startOffset + last.image.length
  }
}
