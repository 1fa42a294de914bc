import { createTokenInstance, type IToken, type TokenType } from 'chevrotain'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import type { SourceFile } from '../source/source-file.ts'
import { isOf } from './token-kinds.ts'
import { BadNumber, Identifier, NumberLiteral, PlainNumber, X } from './tokens.ts'

const glued = /^\d+(x\d+)+$/
const gluedTail = /^(x\d+)+$/

/** Reads `3x224x224` and `3 x224` as the sizes that were meant, and reports the missing spaces. */
export function splitSizes(
  file: SourceFile,
  tokens: IToken[],
): { tokens: IToken[]; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const split = tokens.flatMap((token, index) => {
    if (!isGlued(file, token, tokens[index - 1])) return [token]
    const span = { file, start: token.startOffset, end: token.startOffset + token.image.length }
    const spaced = token.image.replace(/x/g, ' x ').trim()
    diagnostics.push(diagnose('E0113', span, { text: token.image, spaced }))
    return pieces(token)
  })
  return { tokens: diagnostics.length === 0 ? tokens : split, diagnostics }
}

function isGlued(file: SourceFile, token: IToken, previous: IToken | undefined): boolean {
  if (token.tokenType === BadNumber) return glued.test(token.image)
  if (token.tokenType !== Identifier || previous === undefined || !gluedTail.test(token.image)) return false
  const gap = file.text.slice(previous.startOffset + previous.image.length, token.startOffset)
  return isOf(previous, NumberLiteral) && !gap.includes('\n')
}

const pieces = (token: IToken): IToken[] =>
  [...token.image.matchAll(/x|\d+/g)].map((match) =>
    piece(match[0] === 'x' ? X : PlainNumber, match[0], token.startOffset + match.index),
  )

/** Lines and columns are not tracked: spans are offsets. */
const piece = (type: TokenType, image: string, start: number): IToken =>
  createTokenInstance(type, image, start, start + image.length - 1, NaN, NaN, NaN, NaN)
