import type { TokenStream } from './token-stream.ts'
import * as T from './tokens.ts'

/**
 * Where parsing goes on after a mistake: at the next statement, at the body that a header announces, at the next
 * line of a stage, at the next declaration, or right `here` because only a single token was missing.
 */
export type Boundary = 'statement' | 'header' | 'line' | 'declaration' | 'here'

/**
 * The index of the token to resume at, for a mistake at token `at` in a construct that begins at token `start`.
 * A line that is not indented further than the construct is taken for a new statement.
 * Brackets of the construct that do have a partner are left as a whole, so that what stands between them causes
 * no second mistake.
 */
export function resumeIndex(stream: TokenStream, boundary: Boundary, start: number, at: number): number {
  if (boundary === 'here') return at
  const indentation = stream.indentationOf(start)
  let index = afterEnclosing(stream, start, at)
  while (index < stream.tokens.length && !isBoundary(stream, boundary, index, indentation)) {
    index = afterPartner(stream, index)
  }
  return index
}

/** Whether a declaration begins here: at the margin, or where `block` is not the type of a parameter. */
export function beginsDeclaration(stream: TokenStream, index: number): boolean {
  if (!stream.is(index, T.ImportKeyword, T.NetworkKeyword, T.BlockKeyword)) return false
  if (stream.beginsLine(index) && stream.indentationOf(index) === 0) return true
  return stream.is(index + 1, stream.is(index, T.ImportKeyword) ? T.LBrace : T.AnyName)
}

function isBoundary(stream: TokenStream, boundary: Boundary, index: number, indentation: number): boolean {
  if (beginsDeclaration(stream, index)) return true
  if (boundary === 'declaration') return false
  if (stream.is(index, T.RBrace)) return closesBody(stream, index)
  if (boundary === 'header' && stream.is(index, T.LBrace)) return true
  if (!stream.beginsLine(index)) return false
  if (!stream.is(index, T.AnyName, T.AnyKeyword, T.AnyNumber, T.StringLiteral)) return false
  // The rest of an argument list that was torn apart.
  if (stream.is(index + 1, T.Colon)) return false
  return boundary === 'line' || stream.indentationOf(index) <= indentation || beginsStatement(stream, index)
}

/** If there is a `}` too many, then rather one in the middle of a line than one that begins its line. */
function closesBody(stream: TokenStream, index: number): boolean {
  const token = stream.at(index)
  return token !== undefined && (stream.beginsLine(index) || !stream.strayBraceBehind(token))
}

/** What can be nothing but a statement at the beginning of a line, however far it is indented. */
function beginsStatement(stream: TokenStream, index: number): boolean {
  if (stream.is(index, T.IfKeyword, T.ForKeyword, T.AssertKeyword, T.ReturnKeyword)) return true
  if (stream.is(index, T.StageWord)) return stream.is(index + 1, T.AnyName)
  if (stream.is(index, T.MetadataWord) && stream.is(index + 1, T.LParen)) return true
  if (stream.is(index, T.InputWord) && !stream.is(index + 1, T.Equals, T.Comma)) return true
  return beginsBinding(stream, index)
}

const MAX_TARGETS = 16

/** `NAME = ` or `NAME, NAME = `; a reserved word counts too, the mistake it is has its own message. */
export function beginsBinding(stream: TokenStream, index: number): boolean {
  for (let at = index; at < index + 2 * MAX_TARGETS; at += 2) {
    if (!stream.is(at, T.AnyName, T.AnyKeyword)) return false
    if (!stream.is(at + 1, T.Comma)) return stream.is(at + 1, T.Equals)
  }
  return false
}

/** The index behind the outermost paired brackets of the construct around the mistake, or that of the mistake itself. */
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
  const { openers } = stream.brackets
  for (let index = openers[at] ?? -1; index >= start; index = openers[index] ?? -1) yield index
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
