import { Lexer, type ILexingError, type IToken } from 'chevrotain'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import { positionAt, type SourceFile } from '../source/source-file.ts'
import { MAX_MISTAKES } from './limits.ts'
import { findMisspellings } from './mistakes.ts'
import { splitSizes } from './text.ts'
import { TokenStream } from './token-stream.ts'
import { vocabulary } from './tokens.ts'

/** What a file consists of, before any grammar. */
interface LexedFile {
  readonly stream: TokenStream
  /** The `///` lines, in order; they are not part of the stream. */
  readonly docs: readonly IToken[]
  readonly diagnostics: readonly Diagnostic[]
}

let lexer: Lexer | undefined

/** Built on first use: commands that read no `.arch` file don't pay for it. */
const archLexer = (): Lexer =>
  (lexer ??= new Lexer(vocabulary, {
    positionTracking: 'onlyOffset',
    ensureOptimizations: true,
    skipValidations: true,
  }))

export function lex(file: SourceFile): LexedFile {
  const { tokens, groups, errors } = archLexer().tokenize(file.text)
  const sizes = splitSizes(file, tokens)
  const diagnostics = [
    ...errors.slice(0, MAX_MISTAKES + 1).map((error) => unknownCharacters(file, error)),
    ...foreignComments(file, groups['foreignComments'] ?? []),
    ...sizes.diagnostics,
    ...findMisspellings(file, sizes.tokens),
  ]
  return { stream: new TokenStream(file, sizes.tokens), docs: groups['docs'] ?? [], diagnostics }
}

function unknownCharacters(file: SourceFile, { offset, length }: ILexingError): Diagnostic {
  const character = String.fromCodePoint(file.text.codePointAt(offset) ?? 0)
  return diagnose('E0104', { file, start: offset, end: offset + length }, { character: shown(character) })
}

/** A visible character as it is, any other by its code point. */
function shown(character: string): string {
  if (!/[\p{C}\p{Z}]/u.test(character)) return `\`${character}\``
  const code = character.codePointAt(0) ?? 0
  return `the character U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

/** One mistake for each run of neighbouring lines: a comment of three lines is one comment. */
function foreignComments(file: SourceFile, comments: readonly IToken[]): Diagnostic[] {
  const lines = comments.map((comment) => positionAt(file, comment.startOffset).line)
  return comments
    .filter((_, index) => lines[index - 1] !== (lines[index] ?? 0) - 1)
    .map((comment) => {
      const span = { file, start: comment.startOffset, end: comment.startOffset + comment.image.length }
      return diagnose('E0110', span, { found: comment.image.slice(0, 2) })
    })
}
