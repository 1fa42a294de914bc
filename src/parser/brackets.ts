import type { IToken, TokenType } from 'chevrotain'
import {
  Block,
  Else,
  Equals,
  If,
  Import,
  LBrace,
  LBracket,
  LParen,
  Name,
  Network,
  RBrace,
  RBracket,
  RParen,
  Stage,
} from './tokens.ts'
import { isOf } from './token-kinds.ts'
import { MAX_NESTING } from './limits.ts'

/** Which brackets belong together, found before parsing: it tells a forgotten bracket from a wrong token. */
export interface Brackets {
  /** Both ways; a bracket without a partner is one that was forgotten, or one too many. */
  readonly partner: ReadonlyMap<IToken, IToken>
  /** Closing brackets without an opening one, in the order of the text. */
  readonly strays: readonly IToken[]
  /** The token that lies deeper than `MAX_NESTING`, if there is one. */
  readonly tooDeep?: IToken
}

const openerOf = new Map<TokenType, TokenType>([
  [RParen, LParen],
  [RBracket, LBracket],
  [RBrace, LBrace],
])
/** Whether a token at the beginning of a line is a statement, and so no line of a stage. */
export const endsStageLines = (token: IToken, next: IToken | undefined): boolean =>
  next !== undefined &&
  isOf(token, Name) &&
  (next.tokenType === Equals || (token.tokenType === Stage && isOf(next, Name)))

const openers = new Set(openerOf.values())
const declarations = new Set<TokenType>([Import, Network, Block])

export const isOpener = (token: IToken): boolean => openers.has(token.tokenType)
export const isCloser = (token: IToken): boolean => openerOf.has(token.tokenType)

/**
 * Pairs brackets in one pass. A declaration at the margin ends whatever is still open above it; a statement that begins
 * a line ends the lines of a stage, none of which can begin so.
 */
export function matchBrackets(text: string, tokens: readonly IToken[]): Brackets {
  const matcher = new Matcher(text, tokens)
  for (const index of tokens.keys()) matcher.read(index)
  return matcher
}

class Matcher implements Brackets {
  readonly partner = new Map<IToken, IToken>()
  readonly strays: IToken[] = []
  tooDeep?: IToken
  private open: IToken[] = []
  /** Levels of `else if` for each depth of brackets: the tree nests one level more with each. */
  private chains: number[] = [0]
  private elseIfs = 0

  /** The brace around the lines of a stage, while it is the innermost one. */
  private ofStage: IToken | undefined

  constructor(
    private readonly text: string,
    private readonly tokens: readonly IToken[],
  ) {}

  read(index: number): void {
    const [token, next] = [this.tokens[index], this.tokens[index + 1]]
    if (token === undefined || this.tooDeep !== undefined) return
    if (declarations.has(token.tokenType) && this.isAtMargin(token)) this.restart()
    if (this.endsStage(index)) this.forgetStage()
    if (isOpener(token)) this.push(token, index)
    else if (isCloser(token)) this.close(token, next)
    else if (token.tokenType === Else && next?.tokenType === If) this.countElseIf(token)
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
    this.endChain(this.open.length)
    this.open.pop()
  }

  private restart(): void {
    this.open = []
    this.ofStage = undefined
    this.chains = [0]
    this.elseIfs = 0
  }

  private push(token: IToken, index: number): void {
    if (token.tokenType === LBrace) {
      const isStage = index >= 2 && this.tokens[index - 2]?.tokenType === Stage
      this.ofStage = isStage ? token : undefined
    }
    this.open.push(token)
    this.chains[this.open.length] = 0
    this.checkDepth(token)
  }

  private countElseIf(token: IToken): void {
    this.elseIfs++
    this.chains[this.open.length] = (this.chains[this.open.length] ?? 0) + 1
    this.checkDepth(token)
  }

  private checkDepth(token: IToken): void {
    if (this.open.length + this.elseIfs > MAX_NESTING) this.tooDeep ??= token
  }

  private close(token: IToken, next: IToken | undefined): void {
    const depth = this.depthOfOpener(token)
    const opener = this.open[depth]
    if (opener === undefined) return void this.strays.push(token)
    for (let level = depth + 1; level <= this.open.length; level++) this.endChain(level)
    this.open.length = depth
    if (next?.tokenType !== Else) this.endChain(depth)
    this.partner.set(opener, token).set(token, opener)
  }

  private endChain(level: number): void {
    this.elseIfs -= this.chains[level] ?? 0
    this.chains[level] = 0
  }

  /** How deep the bracket lies that this one closes; brackets above it were forgotten. `)` never reaches over a `{`. */
  private depthOfOpener(closer: IToken): number {
    const wanted = openerOf.get(closer.tokenType)
    for (let depth = this.open.length - 1; depth >= 0; depth--) {
      const type = this.open[depth]?.tokenType
      if (type === wanted) return depth
      if (type === LBrace) return -1
    }
    return -1
  }
}
