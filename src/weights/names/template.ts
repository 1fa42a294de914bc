import { splitBraces, type Captured, type PatternProblem } from './pattern.ts'

/** `{name}`, or a number computed from it: `{name*times+plus}`. */
interface Expression {
  readonly name: string
  readonly arithmetic?: { readonly times: number; readonly plus: number }
}

/** The right side of a rule: text with captures filled in. */
export type Template = readonly (string | Expression)[]

const EXPRESSION = /^([A-Za-z_]\w*)(?:\*(\d{1,4}))?(?:([+-])(\d{1,4}))?$/

/** Reads `blocks.{s-1}.{b}`. Whether `from` captures the names is the caller's to check (`namesIn`). */
export function parseTemplate(text: string): Template | PatternProblem {
  const pieces = splitBraces(text)
  if (pieces === undefined) return 'unclosed-brace'
  const template: (string | Expression)[] = []
  for (const [index, piece] of pieces.entries()) {
    const part = index % 2 === 0 ? piece : parseExpression(piece)
    if (part === undefined) return 'bad-expression'
    template.push(part)
  }
  return template
}

function parseExpression(text: string): Expression | undefined {
  const [, name, times, sign, plus] = EXPRESSION.exec(text) ?? []
  if (name === undefined) return undefined
  if (times === undefined && plus === undefined) return { name }
  const offset = Number(plus ?? 0) * (sign === '-' ? -1 : 1)
  return { name, arithmetic: { times: Number(times ?? 1), plus: offset } }
}

export const namesIn = (template: Template): readonly string[] =>
  template.flatMap((part) => (typeof part === 'string' ? [] : [part.name]))

/** The captures that are computed with, and so have to be numbers. */
export const numbersIn = (template: Template): ReadonlySet<string> =>
  new Set(
    template.flatMap((part) =>
      typeof part === 'string' || part.arithmetic === undefined ? [] : [part.name],
    ),
  )

/** The text with captures filled in; `undefined` where a number comes out negative, as no name counts so. */
export function expand(template: Template, captured: Captured): string | undefined {
  let text = ''
  for (const part of template) {
    const piece = typeof part === 'string' ? part : evaluate(part, captured)
    if (piece === undefined) return undefined
    text += piece
  }
  return text
}

function evaluate({ name, arithmetic }: Expression, captured: Captured): string | undefined {
  const value = captured.get(name) ?? ''
  if (arithmetic === undefined) return value
  const number = Number(value) * arithmetic.times + arithmetic.plus
  return number < 0 ? undefined : String(number)
}
