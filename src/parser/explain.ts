import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import { isCloser } from './brackets.ts'
import type { Mistake } from './mistake.ts'
import { beginsDeclaration, enclosingOpeners } from './recovery.ts'
import { isOf } from './token-kinds.ts'
import { BinaryOperator, Arrow, Dot, Equals, Colon, Keyword, LBracket, LParen, Name } from './tokens.ts'
import { clipped } from './clip.ts'
import { foreignForms, helpFor, methodAt } from './foreign-forms.ts'

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
  const wanted = expected === Name.LABEL || stream.is(at + 1, Equals, Colon)
  const late = isOf(token, Equals) ? stream.at(at - 1) : undefined
  const word = late ?? (wanted && !beginsDeclaration(stream, at) ? token : undefined)
  if (word === undefined || !isOf(word, Keyword)) return undefined
  return diagnose('E0111', stream.span(word), { word: word.image })
}

/** `x -> relu` or `relu(x)` where a statement is due. */
function valueAlone({ stream, at, token, start, expected }: Mistake): Diagnostic | undefined {
  const first = stream.at(start)
  if (first === undefined || at !== start + 1 || expected !== Equals.LABEL || !isOf(first, Name))
    return undefined
  if (![Arrow, LParen, LBracket, Dot, BinaryOperator].some((type) => isOf(token, type))) return undefined
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
