import type { IToken } from 'chevrotain'
import type { TokenStream } from './token-stream.ts'

/** A token that the grammar had no use for. */
export interface Mistake {
  readonly stream: TokenStream
  /** Index of the token; the number of tokens for the end of the file. */
  readonly at: number
  readonly token: IToken
  /** Index of the first token of the construct that was being read. */
  readonly start: number
  /** What would have been right, in words. */
  readonly expected: string
}
