import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import { readableName } from './readable.ts'

/** A text with `*` for any characters, split at the stars. */
type Glob = readonly string[]

const parseGlob = (text: string): Glob => text.split('*')

/** Whether all of `text` matches. Each star takes as little as it can, so nothing is ever tried twice. */
function matchGlob(glob: Glob, text: string): boolean {
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

/** A name in braces. It stands for one or more characters of one dotted part, and for digits where it is computed with. */
interface Capture {
  readonly name: string
  readonly digits: boolean
}

/** A part between dots: `literals[0] captures[0] literals[1] captures[1] ... literals[n]`. */
interface Segment {
  readonly literals: readonly string[]
  readonly captures: readonly Capture[]
}

type Pattern = readonly Segment[]

type PatternProblem =
  | 'empty-segment'
  | 'unclosed-brace'
  | 'bad-capture'
  | 'repeated-capture'
  | 'adjacent-captures'
  | 'bad-expression'
  | 'unknown-capture'

/** What captures stood for. */
type Captured = ReadonlyMap<string, string>

/** The pieces of a text with braces: literals at even indices, what braces hold at odd ones. */
function splitBraces(text: string): readonly string[] | undefined {
  const pieces = text.split(/[{}]/)
  const braces = text.replace(/[^{}]/g, '')
  return braces === '{}'.repeat(braces.length / 2) ? pieces : undefined
}

/** Reads `layer{s}.{b}.conv1`; `isNumber` says which captures match digits only. */
function parsePattern(text: string, isNumber: (name: string) => boolean): Pattern | PatternProblem {
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
function matchPattern(pattern: Pattern, parts: readonly string[]): Captured | undefined {
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

/** `{name}`, or a number computed from it: `{name*times+plus}`. */
interface Expression {
  readonly name: string
  readonly arithmetic?: { readonly times: number; readonly plus: number }
}

/** The right side of a rule: text with captures filled in. */
type Template = readonly (string | Expression)[]

const EXPRESSION = /^([A-Za-z_]\w*)(?:\*(\d{1,4}))?(?:([+-])(\d{1,4}))?$/

/** Reads `blocks.{s-1}.{b}`. Whether `from` captures the names is the caller's to check (`namesIn`). */
function parseTemplate(text: string): Template | PatternProblem {
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

const namesIn = (template: Template): readonly string[] =>
  template.flatMap((part) => (typeof part === 'string' ? [] : [part.name]))

/** The captures that are computed with, and so have to be numbers. */
const numbersIn = (template: Template): ReadonlySet<string> =>
  new Set(
    template.flatMap((part) =>
      typeof part === 'string' || part.arithmetic === undefined ? [] : [part.name],
    ),
  )

/** The text with captures filled in; `undefined` where a number comes out negative, as no name counts so. */
function expand(template: Template, captured: Captured): string | undefined {
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

interface Rule {
  readonly from: Pattern
  readonly to: Template
}

/**
 * How a family's official code names what the spec names otherwise; a file of `specs/names/`. The first rule that
 * matches an operator's path gives the official one; without any, it keeps its own.
 */
export interface NameMap {
  /** The file it was read from, for diagnostics. */
  readonly path: string
  readonly rules: readonly Rule[]
  /** Official names that are no parameters of ours. */
  readonly ignore: readonly Glob[]
}

/** For networks without a map. Counters of batches mean nothing to a network that runs. */
export const sameNames: NameMap = { path: 'same names', rules: [], ignore: [['', '.num_batches_tracked']] }

/** The official name of a parameter, given the path of its operator and its role (`weight`, `running_mean` ...). */
export const officialName = (map: NameMap, path: string, role: string): string =>
  new Naming(map).officialName(path, role)

export const isIgnored = (map: NameMap, key: string): boolean => new Naming(map).isIgnored(key)

/**
 * Characters that may be compared with the patterns of a map: 1000 names of 40 characters with 1000 patterns make 48
 * million. Our largest map has 20 patterns.
 */
const WORK_LIMIT = 50_000_000
/** What an attempt costs besides the characters of the name. */
const ATTEMPT = 8

/**
 * A map as it is applied to the names of one network or one file. Each name is tried with each pattern, which a map of
 * many patterns and a file of many names could draw out for minutes: the work is counted and bounded.
 */
export class Naming {
  private work = 0
  private readonly paths = new Map<string, string>()
  private readonly ignored = new Map<string, boolean>()

  constructor(
    private readonly map: NameMap,
    private readonly limit = WORK_LIMIT,
  ) {}

  /** @throws DiagnosticError E0652 */
  officialName(path: string, role: string): string {
    let official = this.paths.get(path)
    if (official === undefined) {
      this.spend(this.map.rules.length, path, 'rules')
      official = this.officialPath(path)
      this.paths.set(path, official)
    }
    // A template can repeat what it captured: what it writes counts too.
    this.spend(1, official, 'rules')
    return `${official}.${role}`
  }

  /** @throws DiagnosticError E0652 */
  isIgnored(key: string): boolean {
    const known = this.ignored.get(key)
    if (known !== undefined) return known
    this.spend(this.map.ignore.length, key, 'ignore')
    const ignored = this.map.ignore.some((glob) => matchGlob(glob, key))
    this.ignored.set(key, ignored)
    return ignored
  }

  private officialPath(path: string): string {
    const parts = path.split('.')
    for (const { from, to } of this.map.rules) {
      const captured = matchPattern(from, parts)
      const official = captured === undefined ? undefined : expand(to, captured)
      if (official !== undefined) return official
    }
    return path
  }

  private spend(attempts: number, name: string, list: 'rules' | 'ignore'): void {
    this.work += attempts * (ATTEMPT + name.length)
    if (this.work <= this.limit) return
    const facts = { list, patterns: this.map[list].length }
    throw new DiagnosticError([diagnose('E0652', { path: this.map.path }, facts)])
  }
}

const TEXT_LIMIT = 1_000_000
const LIST_LIMIT = 1000
const PATTERN_LIMIT = 200
const FIELDS = ['$schema', 'of', 'rules', 'ignore']

/**
 * Reads a name map (`specs/schemas/names.schema.json`).
 * @param path how diagnostics name the file
 * @throws DiagnosticError E0614, E0615
 */
export function readNameMap(text: string, path: string): NameMap {
  const map = readObject(parseJson(text, path), 'the file', path)
  for (const field of Object.keys(map))
    if (!FIELDS.includes(field)) refuse(path, `\`${readableName(field)}\``, `one of ${FIELDS.join(', ')}`)
  return {
    path,
    rules: readList(map, 'rules', path).map((rule, index) => readRule(rule, `rules[${index}]`, path)),
    ignore: readList(map, 'ignore', path).map((glob, index) => readGlob(glob, `ignore[${index}]`, path)),
  }
}

function parseJson(text: string, path: string): unknown {
  if (text.length > TEXT_LIMIT) return refuse(path, 'the file', `at most ${TEXT_LIMIT} characters long`)
  try {
    return JSON.parse(text)
  } catch {
    return refuse(path, 'the file', 'valid JSON')
  }
}

function readRule(rule: unknown, where: string, path: string): Rule {
  const fields = readObject(rule, where, path)
  const from = readText(fields, 'from', where, path)
  const to = readText(fields, 'to', where, path)
  if (Object.keys(fields).length > 2) return refuse(path, where, 'an object of `from` and `to` alone')
  const template = parseTemplate(to)
  if (typeof template === 'string') return refusePattern(path, `${where}.to`, to, template)
  const numbers = numbersIn(template)
  const pattern = parsePattern(from, (name) => numbers.has(name))
  if (typeof pattern === 'string') return refusePattern(path, `${where}.from`, from, pattern)
  const captured = new Set(pattern.flatMap(({ captures }) => captures.map(({ name }) => name)))
  if (!namesIn(template).every((name) => captured.has(name)))
    return refusePattern(path, `${where}.to`, to, 'unknown-capture')
  return { from: pattern, to: template }
}

function readGlob(glob: unknown, where: string, path: string): Glob {
  return typeof glob === 'string' && glob.length <= PATTERN_LIMIT
    ? parseGlob(glob)
    : refuse(path, where, `a string of at most ${PATTERN_LIMIT} characters`)
}

function readObject(value: unknown, where: string, path: string): Readonly<Record<string, unknown>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? { ...value } : refuse(path, where, 'an object')
}

function readList(map: Readonly<Record<string, unknown>>, field: string, path: string): readonly unknown[] {
  const list = map[field] ?? []
  return Array.isArray(list) && list.length <= LIST_LIMIT
    ? list
    : refuse(path, `\`${field}\``, `a list of at most ${LIST_LIMIT}`)
}

function readText(
  fields: Readonly<Record<string, unknown>>,
  field: string,
  where: string,
  path: string,
): string {
  const text = fields[field]
  return typeof text === 'string' && text.length <= PATTERN_LIMIT
    ? text
    : refuse(path, `${where}.${field}`, `a string of at most ${PATTERN_LIMIT} characters`)
}

function refuse(path: string, where: string, expected: string): never {
  throw new DiagnosticError([diagnose('E0614', { path }, { where, expected })])
}

function refusePattern(path: string, where: string, pattern: string, problem: PatternProblem): never {
  throw new DiagnosticError([diagnose('E0615', { path }, { where, pattern: readableName(pattern), problem })])
}
