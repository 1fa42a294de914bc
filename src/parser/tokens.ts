import { tokenMatcher, type IToken, type TokenType, createToken, Lexer } from 'chevrotain'

/** Whether the token is of the type, or of a type in that category. */
export const isOf = (token: IToken, type: TokenType): boolean => tokenMatcher(token, type)

const toLineEnd = /[^\r\n]*/y
const toBlockEnd = /\*\//g

/**
 * Matches a comment of another language: `//` at the beginning of a line, or `/*`.
 * Within a line `//` is integer division, so a line can't begin with one.
 */
export function foreignComment(text: string, offset: number): [string] | null {
  if (text.startsWith('/*', offset)) return [text.slice(offset, blockEnd(text, offset))]
  if (!text.startsWith('//', offset) || !beginsLine(text, offset)) return null
  toLineEnd.lastIndex = offset
  return [toLineEnd.exec(text)?.[0] ?? '']
}

function blockEnd(text: string, offset: number): number {
  toBlockEnd.lastIndex = offset + 2
  return toBlockEnd.test(text) ? toBlockEnd.lastIndex : text.length
}

function beginsLine(text: string, offset: number): boolean {
  let at = offset - 1
  while (text[at] === ' ' || text[at] === '\t') at--
  return at < 0 || text[at] === '\n'
}

/** A name that parses but means nothing by itself: what the grammar asks for where several tokens will do. */
const category = (name: string, label: string, categories: TokenType[] = []): TokenType =>
  createToken({ name, label, pattern: Lexer.NA, categories })

export const AnyName = category('Name', 'a name')
export const AnyKeyword = category('Keyword', 'a keyword')
export const AnyBinaryOperator = category('BinaryOperator', 'an operator')
export const AnyPrefixOperator = category('PrefixOperator', 'an operator')

/**
 * Patterns are sticky, as chevrotain makes them anyway: each is tried at one place, so that its time is linear where it is
 * linear there.
 */
export const Identifier = createToken({ name: 'Identifier', pattern: /[A-Za-z_]\w*/y, categories: AnyName })

const word = (text: string, categories: TokenType[]): TokenType =>
  createToken({
    name: text.charAt(0).toUpperCase() + text.slice(1),
    label: `\`${text}\``,
    pattern: text,
    longer_alt: Identifier,
    categories,
  })

export const ImportKeyword = word('import', [AnyKeyword])
export const NetworkKeyword = word('network', [AnyKeyword])
export const BlockKeyword = word('block', [AnyKeyword])
export const IfKeyword = word('if', [AnyKeyword])
export const ElseKeyword = word('else', [AnyKeyword])
export const ForKeyword = word('for', [AnyKeyword])
export const InKeyword = word('in', [AnyKeyword])
export const AssertKeyword = word('assert', [AnyKeyword])
export const ReturnKeyword = word('return', [AnyKeyword])
export const TrueKeyword = word('true', [AnyKeyword])
export const FalseKeyword = word('false', [AnyKeyword])
export const AndKeyword = word('and', [AnyKeyword, AnyBinaryOperator])
export const OrKeyword = word('or', [AnyKeyword, AnyBinaryOperator])
export const NotKeyword = word('not', [AnyKeyword, AnyPrefixOperator])

/** Words with a meaning in one place only; everywhere else they are names like any other. */
export const FromWord = word('from', [AnyName])
export const InputWord = word('input', [AnyName])
export const MetadataWord = word('metadata', [AnyName])
export const StageWord = word('stage', [AnyName])
export const StrideWord = word('stride', [AnyName])
export const WithWord = word('with', [AnyName])
export const AtWord = word('at', [AnyName])
export const SlotWord = word('slot', [AnyName])
export const AsWord = word('as', [AnyName])
export const XWord = word('x', [AnyName])

const mark = (name: string, text: string, categories: TokenType[] = []): TokenType =>
  createToken({ name, label: `\`${text}\``, pattern: text, categories })

export const Arrow = mark('Arrow', '->')
export const Equals = mark('Equals', '=')
export const Colon = mark('Colon', ':')
export const Comma = mark('Comma', ',')
export const Dot = mark('Dot', '.')
export const LParen = mark('LParen', '(')
export const RParen = mark('RParen', ')')
export const LBracket = mark('LBracket', '[')
export const RBracket = mark('RBracket', ']')
export const LBrace = mark('LBrace', '{')
export const RBrace = mark('RBrace', '}')

const Minus = mark('Minus', '-', [AnyBinaryOperator, AnyPrefixOperator])
const longOperators = ['==', '!=', '<=', '>=', '..']
const shortOperators = ['<', '>', '+', '*', '/', '%']
const operator = (text: string): TokenType => mark(`Operator${text}`, text, [AnyBinaryOperator])

/** A pattern, not a text, because chevrotain holds a text to be hidden by `ForeignComment`. */
const Divide = createToken({ name: 'Divide', label: '`//`', pattern: /\/\//y, categories: AnyBinaryOperator })

/** What other languages write; read as what was meant, and reported once by `findMisspellings`. */
export const FatArrow = mark('FatArrow', '=>', [Arrow])
export const PipeArrow = mark('PipeArrow', '|>', [Arrow])
export const ColonEquals = mark('ColonEquals', ':=', [Colon, Equals])
export const DoubleAnd = mark('DoubleAnd', '&&', [AnyBinaryOperator])
export const DoubleOr = mark('DoubleOr', '||', [AnyBinaryOperator])
export const DoubleStar = mark('DoubleStar', '**', [AnyBinaryOperator])
/** Assignments in place, `a += b`. */
export const InPlace = createToken({
  name: 'InPlace',
  pattern: /(?:\+|-|\*\*?|\/\/?|%)=(?!=)/y,
  categories: Equals,
})
export const Exclamation = mark('Exclamation', '!', [AnyPrefixOperator])

export const AnyNumber = category('NumberLiteral', 'a number')
/** A number that runs into a name, as in `3x224` or `2nd`; reported, and read as a number. */
export const BadNumber = createToken({
  name: 'BadNumber',
  pattern: /\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?[A-Za-z_]\w*/y,
  categories: AnyNumber,
})
export const PlainNumber = createToken({
  name: 'PlainNumber',
  pattern: /\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?/y,
  longer_alt: BadNumber,
  categories: AnyNumber,
})

export const StringLiteral = createToken({
  name: 'StringLiteral',
  label: 'a string',
  pattern: /"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*"/y,
})
export const UnterminatedString = createToken({
  name: 'UnterminatedString',
  pattern: /"[^\r\n]*/y,
  categories: StringLiteral,
})
export const SingleQuoted = createToken({
  name: 'SingleQuoted',
  pattern: /'[^'\r\n]*'/y,
  categories: StringLiteral,
})

const Blank = createToken({
  name: 'Blank',
  pattern: /[ \t\r\n\uFEFF]+/y,
  group: Lexer.SKIPPED,
  line_breaks: true,
})
const Comment = createToken({ name: 'Comment', pattern: /#[^\n]*/y, group: Lexer.SKIPPED })
export const Doc = createToken({ name: 'Doc', pattern: /\/\/\/[^\r\n]*/y, group: 'docs' })
export const ForeignComment = createToken({
  name: 'ForeignComment',
  pattern: { exec: foreignComment },
  start_chars_hint: ['/'],
  line_breaks: true,
  group: 'foreignComments',
})

const keywords = [
  ImportKeyword,
  NetworkKeyword,
  BlockKeyword,
  IfKeyword,
  ElseKeyword,
  ForKeyword,
  InKeyword,
  AssertKeyword,
  ReturnKeyword,
  TrueKeyword,
  FalseKeyword,
  AndKeyword,
  OrKeyword,
  NotKeyword,
]
const contextualWords = [
  FromWord,
  InputWord,
  MetadataWord,
  StageWord,
  StrideWord,
  WithWord,
  AtWord,
  SlotWord,
  AsWord,
  XWord,
]
/** Longest first: with `in` before it, `input` would be lexed as an identifier. */
const words = [...keywords, ...contextualWords].sort((a, b) => b.name.length - a.name.length)

/** In the order in which the lexer tries them: the first that matches wins. */
export const vocabulary: TokenType[] = [
  ...[Blank, Comment, Doc, ForeignComment],
  ...[StringLiteral, UnterminatedString, SingleQuoted, PlainNumber, BadNumber],
  ...[Arrow, FatArrow, PipeArrow, ColonEquals, InPlace, DoubleStar, DoubleAnd, DoubleOr],
  ...[...longOperators.map(operator), Divide],
  ...[Equals, Colon, Comma, Dot, LParen, RParen, LBracket, RBracket, LBrace, RBrace, Minus, Exclamation],
  ...shortOperators.map(operator),
  ...words,
  ...[Identifier, AnyName, AnyKeyword, AnyBinaryOperator, AnyPrefixOperator, AnyNumber],
]
