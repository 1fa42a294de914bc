import { createTokenInstance, type IToken, type TokenType } from 'chevrotain'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import { type SourceFile, positionAt } from '../source/source-file.ts'
import { MAX_MISTAKES } from './limits.ts'
import * as T from './tokens.ts'
import type { Declaration } from './ast.ts'

/** The value of a number's text. An exponent or a decimal point makes it a float. */
export function numberValue(text: string): { value: number; integer: boolean } {
  const value = Number(text.replaceAll('_', ''))
  return { value: Number.isNaN(value) ? 0 : value, integer: !/[.eE]/.test(text) }
}

/** An escape in a string that has no meaning, at an offset into the text of the literal. */
interface BadEscape {
  readonly offset: number
  readonly text: string
}

const meanings: Readonly<Record<string, string>> = { '\\"': '"', '\\\\': '\\', '\\n': '\n' }
const escapes = /\\[^]/gu

/** The value of a literal, quotes included. An unknown escape stands for itself, a missing quote is excused. */
export function stringValue(literal: string): string {
  const closed = literal.length > 1 && literal.endsWith(literal.charAt(0))
  return literal.slice(1, closed ? -1 : undefined).replace(escapes, (escape) => meanings[escape] ?? escape)
}

export function badEscapes(text: string): BadEscape[] {
  return [...text.matchAll(escapes)]
    .filter(([escape]) => meanings[escape] === undefined)
    .map((match) => ({ offset: match.index, text: match[0] }))
}

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
  if (token.tokenType === T.BadNumber) return sizes.test(token.image)
  if (token.tokenType !== T.Identifier || previous === undefined || !sizesTail.test(token.image)) return false
  const gap = file.text.slice(previous.startOffset + previous.image.length, token.startOffset)
  return (follows || T.isOf(previous, T.AnyNumber)) && !gap.includes('\n')
}

const pieces = (token: IToken): IToken[] =>
  [...token.image.matchAll(/x|\d+/g)].map((match) =>
    piece(match[0] === 'x' ? T.XWord : T.PlainNumber, match[0], token.startOffset + match.index),
  )

/** Lines and columns are not tracked: spans are offsets. */
const piece = (type: TokenType, image: string, start: number): IToken =>
  createTokenInstance(type, image, start, start + image.length - 1, NaN, NaN, NaN, NaN)

/** Gives each declaration the `///` lines that stand directly above it, with comments among them or not. */
export function addDocumentation(
  file: SourceFile,
  declarations: readonly Declaration[],
  docs: readonly IToken[],
): Declaration[] {
  const byLine = new Map(
    docs
      .filter(({ startOffset }) => beginsLine(file, startOffset))
      .map((token) => [positionAt(file, token.startOffset).line, token]),
  )
  return declarations.map((declaration) => {
    // Only the first of a line, or many on one line under many comments would take forever.
    if (!beginsLine(file, declaration.span.start)) return declaration
    const above = linesAbove(file, positionAt(file, declaration.span.start).line, byLine)
    return above.length === 0 ? declaration : { ...declaration, doc: above.map(withoutSlashes).join('\n') }
  })
}

function linesAbove(file: SourceFile, line: number, byLine: ReadonlyMap<number, IToken>): IToken[] {
  const above: IToken[] = []
  for (let at = line - 1; byLine.has(at) || isComment(file, at); at--) {
    const token = byLine.get(at)
    if (token !== undefined) above.push(token)
  }
  return above.reverse()
}

const isComment = ({ text, lineStarts }: SourceFile, line: number): boolean =>
  /^[ \t]*#/.test(text.slice(lineStarts[line - 1] ?? text.length, lineStarts[line]))

const withoutSlashes = (token: IToken): string => token.image.replace(/^\/\/\/ ?/, '').trimEnd()

function beginsLine(file: SourceFile, offset: number): boolean {
  const line = file.lineStarts[positionAt(file, offset).line - 1] ?? 0
  return file.text.slice(line, offset).trim() === ''
}

const LONGEST = 40

/** A piece of source text as messages quote it: an endless name does not make an endless message. */
export const clipped = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
