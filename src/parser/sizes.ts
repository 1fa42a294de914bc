import { createTokenInstance, type IToken, type TokenType } from 'chevrotain'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import type { SourceFile } from '../source/source-file.ts'
import { clipped } from './clip.ts'
import { MAX_MISTAKES } from './limits.ts'
import { isOf } from './token-kinds.ts'
import { BadNumber, Identifier, NumberLiteral, PlainNumber, X } from './tokens.ts'

const sizes = /^\d+(x\d+)+$/
const sizesTail = /^(x\d+)+$/

/** Reads `3x224x224` and `3 x224` as the sizes that were meant, and reports the missing spaces. */
export function splitSizes(
  file: SourceFile,
  tokens: IToken[],
): { tokens: IToken[]; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const split: IToken[] = []
  let glued = false
  tokens.forEach((token, index) => {
    glued = isGlued(file, token, tokens[index - 1], glued)
    if (!glued) return void split.push(token)
    if (diagnostics.length <= MAX_MISTAKES) diagnostics.push(missingSpaces(file, token))
    for (const piece of pieces(token)) split.push(piece)
  })
  return { tokens: split, diagnostics }
}

function missingSpaces(file: SourceFile, { image, startOffset }: IToken): Diagnostic {
  const spaced = image.replace(/x/g, ' x ').trim()
  const span = { file, start: startOffset, end: startOffset + image.length }
  return diagnose('E0113', span, { text: clipped(image), spaced: clipped(spaced) })
}

/** A token behind a glued one, on the same line, may continue it: `3 x224 x224`. */
function isGlued(file: SourceFile, token: IToken, previous: IToken | undefined, follows: boolean): boolean {
  if (token.tokenType === BadNumber) return sizes.test(token.image)
  if (token.tokenType !== Identifier || previous === undefined || !sizesTail.test(token.image)) return false
  const gap = file.text.slice(previous.startOffset + previous.image.length, token.startOffset)
  return (follows || isOf(previous, NumberLiteral)) && !gap.includes('\n')
}

const pieces = (token: IToken): IToken[] =>
  [...token.image.matchAll(/x|\d+/g)].map((match) =>
    piece(match[0] === 'x' ? X : PlainNumber, match[0], token.startOffset + match.index),
  )

/** Lines and columns are not tracked: spans are offsets. */
const piece = (type: TokenType, image: string, start: number): IToken =>
  createTokenInstance(type, image, start, start + image.length - 1, NaN, NaN, NaN, NaN)
