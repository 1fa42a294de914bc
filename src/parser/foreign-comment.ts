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
