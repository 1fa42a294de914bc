import {
  EmbeddedActionsParser,
  EOF,
  isRecognitionException,
  tokenLabel,
  type IParserErrorMessageProvider,
  type IToken,
  type ParserMethod,
} from 'chevrotain'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { createSourceFile } from '../source/source-file.ts'
import type { Span } from '../source/span.ts'
import type { Expression } from './ast.ts'
import { explain } from './mistakes.ts'
import { MAX_MISTAKES, MAX_NESTING } from './limits.ts'
import { afterPartner, resumeIndex, type Boundary } from './recovery.ts'
import { TokenStream } from './token-stream.ts'
import * as T from './tokens.ts'

/** The message of an exception is what was expected there; `explain` makes a sentence of it. */
const expectations: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => (expected === EOF ? 'the end' : tokenLabel(expected)),
  buildNoViableAltMessage: ({ customUserDescription }) => customUserDescription ?? 'something else',
  buildEarlyExitMessage: ({ customUserDescription }) => customUserDescription ?? 'something else',
  buildNotAllInputParsedMessage: () => 'the end of the file',
}

export type GrammarRule<Result> = ParserMethod<[], Result>

/** Thrown to leave a text that nests too deeply, at the token that goes too far; never leaves `parse`. */
export class TooDeep extends Error {
  constructor(readonly token: IToken) {
    super('nested too deeply')
  }
}

export interface GrammarOptions {
  /** Lets chevrotain check the grammar for ambiguities; slow, so only a test does it. Default: false. */
  readonly validate?: boolean
}

/**
 * Recovery from mistakes. It is our own because newlines tell best where a new statement begins, while chevrotain's
 * knows token types only; and because it promises one diagnostic for one mistake.
 */
export abstract class RecoveringParser extends EmbeddedActionsParser {
  mistakes: Diagnostic[] = []
  /** What recovery gave up on: nothing of it is in the syntax tree, or not all. */
  unread: Span[] = []
  protected stream = new TokenStream(createSourceFile('', ''), [])
  /** Where characters were dropped: a mistake of the grammar behind one is its consequence. */
  private damages: readonly Span[] = []
  /** Where the last mistake was reported, and where reading went on after it. */
  private failedAt: IToken | undefined
  private resumedAt: IToken | undefined
  /** How many of the constructs that can hold one another are being read: every recursion goes through `nested`. */
  private depth = 0

  constructor({ validate = false }: GrammarOptions) {
    super(T.vocabulary, { maxLookahead: 1, errorMessageProvider: expectations, skipValidations: !validate })
  }

  /** Readies the parser for a file, of which the mistakes inside of tokens are known. */
  load(stream: TokenStream, diagnostics: readonly Diagnostic[]): void {
    this.stream = stream
    this.mistakes = []
    this.unread = []
    this.failedAt = undefined
    this.resumedAt = undefined
    this.depth = 0
    this.damages = diagnostics.flatMap(({ code, span }) => (damaging.has(code) && span ? [span] : []))
    // A copy: chevrotain pads its input while it parses.
    this.input = [...stream.tokens]
  }

  /** Runs a piece of the grammar; on a mistake reports it, goes on at the boundary, and returns undefined. */
  protected recover<T>(boundary: Boundary, read: () => T): T | undefined {
    if (this.RECORDING_PHASE) return read()
    const start = this.LA(1)
    try {
      return read()
    } catch (error) {
      if (!(error instanceof Error) || !isRecognitionException(error)) throw error
      if (this.LA(1) !== this.resumedAt) this.reject(error.message, start)
      const { stream } = this
      this.resume(resumeIndex(stream, boundary, stream.indexOf(start), stream.indexOf(this.LA(1))))
      this.giveUp(start)
      return undefined
    }
  }

  /** Reads a construct that can hold others of its kind: the stack must last for all that are open. */
  protected nested<T>(read: () => T): T {
    if (this.RECORDING_PHASE) return read()
    if (this.depth >= MAX_NESTING) throw new TooDeep(this.LA(0))
    this.depth++
    try {
      return read()
    } finally {
      this.depth--
    }
  }

  /** For a token that begins nothing that belongs here: reports it, and skips it and on to the boundary. */
  protected skipFrom(expected: string, boundary: Boundary): void {
    const start = this.LA(1)
    this.reject(expected, start)
    const next = afterPartner(this.stream, this.stream.indexOf(this.LA(1)))
    this.resume(resumeIndex(this.stream, boundary, next, next))
    this.giveUp(start)
  }

  /** Notes that nothing is known of what stands from a token to the last one that was read or skipped. */
  private giveUp(start: IToken): void {
    const span = this.stream.span(start, this.LA(0))
    if (this.stream.startOf(this.LA(1)) <= span.start) return
    // A construct that is given up on covers those within it that were.
    while ((this.unread.at(-1)?.start ?? -1) >= span.start) this.unread.pop()
    this.unread.push(span)
  }

  /** Reports the next token, unless it is a consequence of something reported. */
  protected reject(expected: string, start: IToken): void {
    const token = this.LA(1)
    if (this.isConsequence(token) || this.isDamaged(start, token)) return
    this.failedAt = token
    const { stream } = this
    this.report(explain({ stream, at: stream.indexOf(token), token, expected, start: stream.indexOf(start) }))
  }

  /** Skips to a token; a mistake right there would be a consequence of the one before. */
  protected resume(index: number): void {
    const target = this.isFull() ? this.stream.tokens.length : index
    for (let at = this.stream.indexOf(this.LA(1)); at < target; at++) this.SKIP_TOKEN()
    this.resumedAt = this.LA(1)
  }

  protected report(diagnostic: Diagnostic): void {
    if (!this.isFull()) this.mistakes.push(diagnostic)
  }

  /** From a token to the last one that was read or skipped. */
  protected spanFrom(start: IToken): Span {
    return this.ACTION(() => this.stream.span(start, this.LA(0)))
  }

  /** Stands for an expression that could not be read; covers what was skipped instead. */
  protected missing(start: IToken): Expression {
    const skipped = this.stream.startOf(start) < this.stream.startOf(this.LA(1))
    const last = this.stream.span(this.LA(0))
    return { kind: 'missing', span: skipped ? this.spanFrom(start) : { ...last, start: last.end } }
  }

  /** The same token again, or the rest of the line of a mistake: `a = b } -> c`. */
  private isConsequence(token: IToken): boolean {
    const { stream, failedAt } = this
    if (token === failedAt || failedAt === undefined) return token === failedAt
    return !stream.beginsLine(stream.indexOf(failedAt)) && stream.sameLine(failedAt, token)
  }

  private isFull(): boolean {
    return this.mistakes.length > MAX_MISTAKES
  }

  private isDamaged(start: IToken, token: IToken): boolean {
    const from = this.stream.lineStartOf(start)
    const to = this.stream.endOf(token)
    return this.damages.some((span) => span.start >= from && span.start <= to)
  }
}

/** Unknown characters, and strings that swallowed the rest of their line. */
const damaging: ReadonlySet<string> = new Set(['E0104', 'E0105'])
