/** A name in braces. It stands for one or more characters of one dotted part, and for digits where it is computed with. */
export interface Capture {
  readonly name: string
  readonly digits: boolean
}

/** A part between dots: `literals[0] captures[0] literals[1] captures[1] ... literals[n]`. */
export interface Segment {
  readonly literals: readonly string[]
  readonly captures: readonly Capture[]
}

export type Pattern = readonly Segment[]

export type PatternProblem =
  | 'empty-segment'
  | 'unclosed-brace'
  | 'bad-capture'
  | 'repeated-capture'
  | 'adjacent-captures'
  | 'bad-expression'
  | 'unknown-capture'

/** What captures stood for. */
export type Captured = ReadonlyMap<string, string>

/** The pieces of a text with braces: literals at even indices, what braces hold at odd ones. */
export function splitBraces(text: string): readonly string[] | undefined {
  const pieces = text.split(/[{}]/)
  const braces = text.replace(/[^{}]/g, '')
  return braces === '{}'.repeat(braces.length / 2) ? pieces : undefined
}

/** Reads `layer{s}.{b}.conv1`; `isNumber` says which captures match digits only. */
export function parsePattern(text: string, isNumber: (name: string) => boolean): Pattern | PatternProblem {
  const segments: Segment[] = []
  const seen = new Set<string>()
  for (const part of text.split('.')) {
    const pieces = splitBraces(part)
    if (pieces === undefined) return 'unclosed-brace'
    const literals = pieces.filter((_, index) => index % 2 === 0)
    const names = pieces.filter((_, index) => index % 2 === 1)
    const problem = checkSegment(part, literals, names, seen)
    if (problem !== undefined) return problem
    segments.push({ literals, captures: names.map((name) => ({ name, digits: isNumber(name) })) })
  }
  return segments
}

function checkSegment(
  part: string,
  literals: readonly string[],
  names: readonly string[],
  seen: Set<string>,
): PatternProblem | undefined {
  if (part === '') return 'empty-segment'
  if (literals.slice(1, -1).includes('')) return 'adjacent-captures'
  for (const name of names) {
    if (!/^[A-Za-z_]\w*$/.test(name)) return 'bad-capture'
    if (seen.has(name)) return 'repeated-capture'
    seen.add(name)
  }
  return undefined
}

/**
 * What the captures stand for, where the whole path matches, given its parts between dots. Each takes as little as it can, and nothing is ever
 * tried twice: the time is linear in the path for each literal.
 */
export function matchPattern(pattern: Pattern, parts: readonly string[]): Captured | undefined {
  if (parts.length !== pattern.length) return undefined
  const found = new Map<string, string>()
  const all = pattern.every((segment, index) => matchSegment(segment, parts[index] ?? '', found))
  return all ? found : undefined
}

function matchSegment({ literals, captures }: Segment, text: string, found: Map<string, string>): boolean {
  const [first = ''] = literals
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const [index, capture] of captures.entries()) {
    const next = literals[index + 1] ?? ''
    const isLast = index === captures.length - 1
    const end = isLast ? text.length - next.length : text.indexOf(next, at + 1)
    if (end <= at || !text.startsWith(next, end)) return false
    const value = text.slice(at, end)
    if (capture.digits && !/^\d{1,9}$/.test(value)) return false
    found.set(capture.name, value)
    at = end + next.length
  }
  return at === text.length
}
