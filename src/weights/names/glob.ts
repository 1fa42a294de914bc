/** A text with `*` for any characters, split at the stars. */
export type Glob = readonly string[]

export const parseGlob = (text: string): Glob => text.split('*')

/** Whether all of `text` matches. Each star takes as little as it can, so nothing is ever tried twice. */
export function matchGlob(glob: Glob, text: string): boolean {
  const [first = '', ...rest] = glob
  const last = rest.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const literal of rest) {
    const found = text.indexOf(literal, at)
    if (found === -1) return false
    at = found + literal.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}
