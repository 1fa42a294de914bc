import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import { clipped } from './clip.ts'
import type { Mistake } from './mistake.ts'
import { afterPartner, enclosingOpeners } from './recovery.ts'
import type { TokenStream } from './token-stream.ts'
import {
  Block,
  Comma,
  Dot,
  Else,
  For,
  If,
  Import,
  In,
  Input,
  LBrace,
  LBracket,
  LParen,
  Name,
  Network,
  RBracket,
  RParen,
} from './tokens.ts'

/** Forms of other languages that have a message of their own. */
export const foreignForms: readonly ((mistake: Mistake) => Diagnostic | undefined)[] = [
  comprehensionBackwards,
  choiceWithoutElse,
]

/** The name in `.name(`, if that is what stands at the token. */
export const methodAt = (stream: TokenStream, at: number): string | undefined =>
  stream.is(at, Dot) && stream.is(at + 2, LParen) ? stream.at(at + 1)?.image : undefined

/** `[f(y) for y in list]`, or the same in the brackets of a call. */
function comprehensionBackwards({ stream, at, token }: Mistake): Diagnostic | undefined {
  const [opener = -1] = enclosingOpeners(stream, 0, at)
  if (!stream.is(at, For) || !stream.is(at + 2, In) || !stream.is(opener, LBracket, LParen)) return undefined
  const closer = afterPartner(stream, opener) - 1
  if (closer < at) return undefined
  const facts = { element: textBetween(stream, opener + 1, at), loop: textBetween(stream, at, closer) }
  return diagnose('E0125', stream.span(token), facts)
}

/** `a = if c { b }` and no more. */
function choiceWithoutElse({ stream, at, expected }: Mistake): Diagnostic | undefined {
  if (expected !== Else.LABEL) return undefined
  const start = ifBefore(stream, at)
  return start === undefined ? undefined : diagnose('E0126', stream.span(start), {})
}

/** The `if` whose branch ends in front of a token. */
function ifBefore(stream: TokenStream, at: number) {
  for (let index = at - 1; index >= 0; index--) {
    const token = stream.at(index)
    const opener = token && stream.brackets.partner.get(token)
    if (opener !== undefined) index = Math.min(index, stream.indexOf(opener))
    else if (stream.is(index, If)) return token
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
    stream.is(at, Comma) && stream.is(at - 2, Input)
      ? 'sizes are written with `x` between: `input 3 x 224 x 224`'
      : undefined,
  ({ stream, at }, opener) =>
    stream.is(at, If) && stream.is(opener, LBracket) && stream.is(opener + 1, For)
      ? 'a filter stands before the colon: `[for e in list if condition: value]`'
      : undefined,
  ({ stream, at, expected }) =>
    (stream.is(at, Else) && expected === LBrace.LABEL) || (stream.is(at, If) && /`[)\]]`/.test(expected))
      ? 'a choice between values is written `if condition { a } else { b }`'
      : undefined,
]

/** The repair of a mistake that has no message of its own, where the tokens tell it. */
export function helpFor(mistake: Mistake): string | undefined {
  const [opener = -1] = enclosingOpeners(mistake.stream, 0, mistake.at)
  for (const slip of slips) {
    const help = slip(mistake, opener)
    if (help !== undefined) return help
  }
  return undefined
}

/** A bracket that begins a line, read as the call or the index of what ends the line above. */
function continuedLine({ stream }: Mistake, opener: number): string | undefined {
  if (!stream.is(opener, LBracket, LParen) || !stream.beginsLine(opener)) return undefined
  if (!stream.is(opener - 1, Name, RParen, RBracket)) return undefined
  return 'a bracket at the beginning of a line goes on with the line above: give the value a name (`name = ...`) or return it'
}

/** `network NAME {` */
function missingParameters({ stream, at }: Mistake): string | undefined {
  const [keyword, name] = [stream.at(at - 2)?.image, stream.at(at - 1)?.image]
  if (!stream.is(at, LBrace) || !stream.is(at - 2, Network, Block) || name === undefined) return undefined
  return `also without parameters there are brackets: write \`${keyword} ${clipped(name)}() {\``
}

/** `import se from "..."` */
function namelessImport({ stream, at, token }: Mistake): string | undefined {
  if (!stream.is(at, Name) || !stream.is(at - 1, Import)) return undefined
  return `names to import stand in braces: \`import { ${clipped(token.image)} } from "..."\``
}
