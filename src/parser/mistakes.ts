import type { IToken, TokenType } from 'chevrotain'
import { type TokenStream, isCloser } from './token-stream.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import { clipped, badEscapes, numberValue } from './text.ts'
import { afterPartner, enclosingOpeners, beginsDeclaration } from './recovery.ts'
import * as T from './tokens.ts'
import type { SourceFile } from '../source/source-file.ts'
import type { Span } from '../source/span.ts'
import { MAX_MISTAKES } from './limits.ts'

/** A token that the grammar had no use for. */
interface Mistake {
  readonly stream: TokenStream
  /** Index of the token; the number of tokens for the end of the file. */
  readonly at: number
  readonly token: IToken
  /** Index of the first token of the construct that was being read. */
  readonly start: number
  /** What would have been right, in words. */
  readonly expected: string
}

/** Forms of other languages that have a message of their own. */
const foreignForms: readonly ((mistake: Mistake) => Diagnostic | undefined)[] = [
  comprehensionBackwards,
  choiceWithoutElse,
]

/** The name in `.name(`, if that is what stands at the token. */
const methodAt = (stream: TokenStream, at: number): string | undefined =>
  stream.is(at, T.Dot) && stream.is(at + 2, T.LParen) ? stream.at(at + 1)?.image : undefined

/** `[f(y) for y in list]`, or the same in the brackets of a call. */
function comprehensionBackwards({ stream, at, token }: Mistake): Diagnostic | undefined {
  const [opener = -1] = enclosingOpeners(stream, 0, at)
  if (
    !stream.is(at, T.ForKeyword) ||
    !stream.is(at + 2, T.InKeyword) ||
    !stream.is(opener, T.LBracket, T.LParen)
  )
    return undefined
  const closer = afterPartner(stream, opener) - 1
  if (closer < at) return undefined
  const facts = { element: textBetween(stream, opener + 1, at), loop: textBetween(stream, at, closer) }
  return diagnose('E0125', stream.span(token), facts)
}

/** `a = if c { b }` and no more. */
function choiceWithoutElse({ stream, at, expected }: Mistake): Diagnostic | undefined {
  if (expected !== T.ElseKeyword.LABEL) return undefined
  const start = ifBefore(stream, at)
  return start === undefined ? undefined : diagnose('E0126', stream.span(start), {})
}

/** The `if` whose branch ends in front of a token. */
function ifBefore(stream: TokenStream, at: number) {
  for (let index = at - 1; index >= 0; index--) {
    const token = stream.at(index)
    const opener = token && stream.brackets.partner.get(token)
    if (opener !== undefined) index = Math.min(index, stream.indexOf(opener))
    else if (stream.is(index, T.IfKeyword)) return token
  }
  return undefined
}

function textBetween(stream: TokenStream, from: number, to: number): string {
  const [first, last] = [stream.at(from), stream.at(to - 1)]
  if (first === undefined || last === undefined || to <= from) return '...'
  return clipped(stream.file.text.slice(stream.startOf(first), stream.endOf(last)).replace(/\s+/g, ' '))
}

const slips: readonly ((mistake: Mistake, opener: number) => string | undefined)[] = [
  missingParameters,
  namelessImport,
  continuedLine,
  ({ stream, at }) =>
    stream.is(at, T.Comma) && stream.is(at - 2, T.InputWord)
      ? 'sizes are written with `x` between: `input 3 x 224 x 224`'
      : undefined,
  ({ stream, at }, opener) =>
    stream.is(at, T.IfKeyword) && stream.is(opener, T.LBracket) && stream.is(opener + 1, T.ForKeyword)
      ? 'a filter stands before the colon: `[for e in list if condition: value]`'
      : undefined,
  ({ stream, at, expected }) =>
    (stream.is(at, T.ElseKeyword) && expected === T.LBrace.LABEL) ||
    (stream.is(at, T.IfKeyword) && /`[)\]]`/.test(expected))
      ? 'a choice between values is written `if condition { a } else { b }`'
      : undefined,
]

/** The repair of a mistake that has no message of its own, where the tokens tell it. */
function helpFor(mistake: Mistake): string | undefined {
  const [opener = -1] = enclosingOpeners(mistake.stream, 0, mistake.at)
  for (const slip of slips) {
    const help = slip(mistake, opener)
    if (help !== undefined) return help
  }
  return undefined
}

/** A bracket that begins a line, read as the call or the index of what ends the line above. */
function continuedLine({ stream }: Mistake, opener: number): string | undefined {
  if (!stream.is(opener, T.LBracket, T.LParen) || !stream.beginsLine(opener)) return undefined
  if (!stream.is(opener - 1, T.AnyName, T.RParen, T.RBracket)) return undefined
  return 'a bracket at the beginning of a line goes on with the line above: give the value a name (`name = ...`) or return it'
}

/** `network NAME {` */
function missingParameters({ stream, at }: Mistake): string | undefined {
  const [keyword, name] = [stream.at(at - 2)?.image, stream.at(at - 1)?.image]
  if (!stream.is(at, T.LBrace) || !stream.is(at - 2, T.NetworkKeyword, T.BlockKeyword) || name === undefined)
    return undefined
  return `also without parameters there are brackets: write \`${keyword} ${clipped(name)}() {\``
}

/** `import se from "..."` */
function namelessImport({ stream, at, token }: Mistake): string | undefined {
  if (!stream.is(at, T.AnyName) || !stream.is(at - 1, T.ImportKeyword)) return undefined
  return `names to import stand in braces: \`import { ${clipped(token.image)} } from "..."\``
}

/** Tokens that the grammar reads as what was meant, with what should have been written. */
const meant = new Map<TokenType, readonly string[]>([
  [T.FatArrow, ['->']],
  [T.PipeArrow, ['->']],
  [T.ColonEquals, ['name: value', 'name = value']],
  [T.DoubleAnd, ['and']],
  [T.DoubleOr, ['or']],
  [T.DoubleStar, ['pow(a, b)']],
  [T.Exclamation, ['not']],
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
  if (token.tokenType === T.InPlace) return [assignmentInPlace(token, before, span)]
  if (T.isOf(token, T.StringLiteral)) return stringMistakes(token, span)
  return numberMistakes(token, span)
}

/** `a += b`: names are bound anew, values never change. */
function assignmentInPlace(token: IToken, before: IToken | undefined, span: Span): Diagnostic {
  const name = before !== undefined && T.isOf(before, T.AnyName) ? clipped(before.image) : 'name'
  const meant = `${name} = ${name} ${token.image.slice(0, -1)} ...`
  const help = token.image === '+=' ? `lists grow so, too: \`${name} = ${name} + [item]\`` : undefined
  return diagnose('E0109', span, { found: token.image, meant: [meant] }, { help })
}

function stringMistakes(token: IToken, span: Span): Diagnostic[] {
  if (token.tokenType === T.SingleQuoted) return [diagnose('E0123', span, {})]
  if (token.tokenType === T.UnterminatedString) return [diagnose('E0105', span, {})]
  const escapes = badEscapes(token.image).slice(0, MAX_MISTAKES + 1)
  return escapes.map(({ offset, text }) => {
    const start = span.start + offset
    return diagnose('E0106', { ...span, start, end: start + text.length }, { escape: text })
  })
}

function numberMistakes(token: IToken, span: Span): Diagnostic[] {
  if (token.tokenType === T.BadNumber) return [diagnose('E0107', span, { text: clipped(token.image) })]
  if (token.tokenType !== T.PlainNumber) return []
  const { value, integer } = numberValue(token.image)
  const exact = integer ? Number.isSafeInteger(value) : Number.isFinite(value)
  return exact ? [] : [diagnose('E0108', span, { text: clipped(token.image) })]
}

/** The explanations, most specific first. */
const explanations: readonly ((mistake: Mistake) => Diagnostic | undefined)[] = [
  ...foreignForms,
  reservedWord,
  valueAlone,
  unclosedBracket,
  strayCloser,
  nestedDeclaration,
]

/** Says what the mistake most likely is; if nothing special is known, what was expected and what was found. */
export function explain(mistake: Mistake): Diagnostic {
  for (const explanation of explanations) {
    const diagnostic = explanation(mistake)
    if (diagnostic !== undefined) return diagnostic
  }
  const { stream, token, expected } = mistake
  const facts = { found: stream.describe(token), expected: [expected] }
  return diagnose('E0101', stream.span(token), facts, { help: commentOnLine(mistake) ?? helpFor(mistake) })
}

/** `in = 3`, `for: int`, `block if(...)`; or `if = 3`, noticed one token late. */
function reservedWord({ stream, at, token, expected }: Mistake): Diagnostic | undefined {
  const wanted = expected === T.AnyName.LABEL || stream.is(at + 1, T.Equals, T.Colon)
  const late = T.isOf(token, T.Equals) ? stream.at(at - 1) : undefined
  const word = late ?? (wanted && !beginsDeclaration(stream, at) ? token : undefined)
  if (word === undefined || !T.isOf(word, T.AnyKeyword)) return undefined
  return diagnose('E0111', stream.span(word), { word: word.image })
}

/** `x -> relu` or `relu(x)` where a statement is due. */
function valueAlone({ stream, at, token, start, expected }: Mistake): Diagnostic | undefined {
  const first = stream.at(start)
  if (first === undefined || at !== start + 1 || expected !== T.Equals.LABEL || !T.isOf(first, T.AnyName))
    return undefined
  if (![T.Arrow, T.LParen, T.LBracket, T.Dot, T.AnyBinaryOperator].some((type) => T.isOf(token, type)))
    return undefined
  return token.image === '=='
    ? undefined
    : diagnose('E0114', stream.span(first, token), {
        name: clipped(first.image),
        method: methodAt(stream, at),
      })
}

const closerOf: Readonly<Record<string, string>> = { '(': '`)`', '[': '`]`', '{': '`}`' }

function unclosedBracket({ stream, at, token, expected }: Mistake): Diagnostic | undefined {
  const [innermost] = enclosingOpeners(stream, 0, at)
  const opener = innermost === undefined ? undefined : stream.at(innermost)
  if (opener === undefined || stream.brackets.partner.has(opener)) return undefined
  if (!expected.includes(closerOf[opener.image] ?? '')) return undefined
  const facts = { opener: opener.image, found: stream.describe(token), expected }
  const labels = [{ span: stream.span(opener), text: 'opened here' }]
  return diagnose('E0102', stream.span(token), facts, { labels, help: commentOnLine({ stream, at }) })
}

function strayCloser({ stream, token }: Mistake): Diagnostic | undefined {
  if (!isCloser(token) || stream.brackets.partner.has(token)) return undefined
  return diagnose('E0103', stream.span(token), { closer: token.image })
}

function nestedDeclaration({ stream, at, token }: Mistake): Diagnostic | undefined {
  const [innermost] = enclosingOpeners(stream, 0, at)
  if (innermost === undefined || !beginsDeclaration(stream, at)) return undefined
  return diagnose('E0117', stream.span(token), { keyword: token.image })
}

/** A `//` earlier on the line of the mistake was most likely meant as a comment. */
function commentOnLine({ stream, at }: Pick<Mistake, 'stream' | 'at'>): string | undefined {
  for (let index = at; index > 0 && !stream.beginsLine(index); index--) {
    if (stream.at(index - 1)?.image === '//') return 'a comment begins with `#`; `//` divides integers'
  }
  return undefined
}
