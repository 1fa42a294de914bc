import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { readableName } from '../readable.ts'
import { parseGlob, type Glob } from './glob.ts'
import type { NameMap, Rule } from './name-map.ts'
import { parsePattern, type PatternProblem } from './pattern.ts'
import { namesIn, numbersIn, parseTemplate } from './template.ts'

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
