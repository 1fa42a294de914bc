/** An escape in a string that has no meaning, at an offset into the text of the literal. */
export interface BadEscape {
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
