import { isCloser, isOpener } from './brackets.ts'
import type { TokenStream } from './token-stream.ts'
import {
  Assert,
  Block,
  Comma,
  Equals,
  For,
  If,
  Import,
  Input,
  LBrace,
  LParen,
  Metadata,
  Name,
  Network,
  RBrace,
  Return,
  Stage,
} from './tokens.ts'

/**
 * Where parsing goes on after a mistake: at the next statement, at the body that a header announces, at the next
 * line of a stage, at the next declaration, or right `here` because only a single token was missing.
 */
export type Boundary = 'statement' | 'header' | 'line' | 'declaration' | 'here'

/**
 * The index of the token to resume at, for a mistake at token `at` in a construct that begins at token `start`.
 * Brackets of the construct that do have a partner are left as a whole, so that what stands between them causes
 * no second mistake.
 */
export function resumeIndex(stream: TokenStream, boundary: Boundary, start: number, at: number): number {
  if (boundary === 'here') return at
  let index = afterEnclosing(stream, start, at)
  while (index < stream.tokens.length && !isBoundary(stream, boundary, index)) {
    index = afterPartner(stream, index)
  }
  return index
}

/** Whether a declaration begins here: `block` is also a type, which never has a name behind it. */
export function beginsDeclaration(stream: TokenStream, index: number): boolean {
  if (stream.is(index, Import)) return stream.is(index + 1, LBrace)
  return stream.is(index, Network, Block) && stream.is(index + 1, Name)
}

function isBoundary(stream: TokenStream, boundary: Boundary, index: number): boolean {
  if (beginsDeclaration(stream, index)) return true
  if (boundary === 'declaration') return false
  if (stream.is(index, RBrace)) return true
  if (boundary === 'header' && stream.is(index, LBrace)) return true
  if (!stream.beginsLine(index)) return false
  return boundary === 'line' || beginsStatement(stream, index)
}

/** Stricter than the grammar: what stands at the beginning of a line and can be nothing but a new statement. */
function beginsStatement(stream: TokenStream, index: number): boolean {
  if (stream.is(index, If, For, Assert, Return)) return true
  if (stream.is(index, Stage)) return stream.is(index + 1, Name)
  if (stream.is(index, Metadata) && stream.is(index + 1, LParen)) return true
  if (stream.is(index, Input) && !stream.is(index + 1, Equals, Comma)) return true
  return beginsBinding(stream, index)
}

const MAX_TARGETS = 16

/** `NAME = ` or `NAME, NAME = `. */
export function beginsBinding(stream: TokenStream, index: number): boolean {
  for (let at = index; at < index + 2 * MAX_TARGETS; at += 2) {
    if (!stream.is(at, Name)) return false
    if (!stream.is(at + 1, Comma)) return stream.is(at + 1, Equals)
  }
  return false
}

/** Behind the outermost paired brackets of the construct around the mistake, or the mistake itself. */
function afterEnclosing(stream: TokenStream, start: number, at: number): number {
  let result = at
  for (const opener of enclosingOpeners(stream, start, at)) {
    const closer = partnerIndex(stream, opener)
    if (closer !== undefined) result = closer + 1
  }
  return result
}

/** The brackets still open at a token, innermost first, no further back than `start`. */
export function* enclosingOpeners(stream: TokenStream, start: number, at: number): Generator<number> {
  for (let index = at - 1; index >= start; index--) {
    const token = stream.at(index)
    if (token === undefined) continue
    if (isOpener(token)) yield index
    else if (isCloser(token)) index = partnerIndex(stream, index) ?? index
  }
}

/** The index behind a token, or behind the bracket that closes it. */
export function afterPartner(stream: TokenStream, index: number): number {
  const partner = partnerIndex(stream, index)
  return (partner === undefined ? index : Math.max(index, partner)) + 1
}

function partnerIndex(stream: TokenStream, index: number): number | undefined {
  const token = stream.at(index)
  const partner = token && stream.brackets.partner.get(token)
  return partner && stream.indexOf(partner)
}
