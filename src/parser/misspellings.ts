import type { IToken, TokenType } from 'chevrotain'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { clipped } from './clip.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import type { SourceFile } from '../source/source-file.ts'
import type { Span } from '../source/span.ts'
import { MAX_MISTAKES } from './limits.ts'
import { badEscapes } from './strings.ts'
import { isOf } from './token-kinds.ts'
import { numberValue } from './literals.ts'
import {
  BadNumber,
  ColonEquals,
  DoubleAnd,
  DoubleOr,
  DoubleStar,
  Exclamation,
  FatArrow,
  InPlace,
  Name,
  PipeArrow,
  PlainNumber,
  SingleQuoted,
  StringLiteral,
  UnterminatedString,
} from './tokens.ts'

/** Tokens that the grammar reads as what was meant, with what should have been written. */
const meant = new Map<TokenType, readonly string[]>([
  [FatArrow, ['->']],
  [PipeArrow, ['->']],
  [ColonEquals, ['name: value', 'name = value']],
  [DoubleAnd, ['and']],
  [DoubleOr, ['or']],
  [DoubleStar, ['pow(a, b)']],
  [Exclamation, ['not']],
])

/** The mistakes inside of single tokens. The grammar needs no rule for them, and so can't report them twice. */
export function findMisspellings(file: SourceFile, tokens: readonly IToken[]): Diagnostic[] {
  const found: Diagnostic[] = []
  for (const [index, token] of tokens.entries()) {
    if (found.length > MAX_MISTAKES) break
    for (const mistake of mistakesIn(token, tokens[index - 1], file)) found.push(mistake)
  }
  return found
}

function mistakesIn(token: IToken, before: IToken | undefined, file: SourceFile): Diagnostic[] {
  const span = { file, start: token.startOffset, end: token.startOffset + token.image.length }
  const instead = meant.get(token.tokenType)
  if (instead !== undefined) return [diagnose('E0109', span, { found: token.image, meant: instead })]
  if (token.tokenType === InPlace) return [assignmentInPlace(token, before, span)]
  if (isOf(token, StringLiteral)) return stringMistakes(token, span)
  return numberMistakes(token, span)
}

/** `a += b`: names are bound anew, values never change. */
function assignmentInPlace(token: IToken, before: IToken | undefined, span: Span): Diagnostic {
  const name = before !== undefined && isOf(before, Name) ? clipped(before.image) : 'name'
  const meant = `${name} = ${name} ${token.image.slice(0, -1)} ...`
  const help = token.image === '+=' ? `lists grow so, too: \`${name} = ${name} + [item]\`` : undefined
  return diagnose('E0109', span, { found: token.image, meant: [meant] }, { help })
}

function stringMistakes(token: IToken, span: Span): Diagnostic[] {
  if (token.tokenType === SingleQuoted) return [diagnose('E0123', span, {})]
  if (token.tokenType === UnterminatedString) return [diagnose('E0105', span, {})]
  const escapes = badEscapes(token.image).slice(0, MAX_MISTAKES + 1)
  return escapes.map(({ offset, text }) => {
    const start = span.start + offset
    return diagnose('E0106', { ...span, start, end: start + text.length }, { escape: text })
  })
}

function numberMistakes(token: IToken, span: Span): Diagnostic[] {
  if (token.tokenType === BadNumber) return [diagnose('E0107', span, { text: clipped(token.image) })]
  if (token.tokenType !== PlainNumber) return []
  const { value, integer } = numberValue(token.image)
  const exact = integer ? Number.isSafeInteger(value) : Number.isFinite(value)
  return exact ? [] : [diagnose('E0108', span, { text: clipped(token.image) })]
}
