/**
 * Measures the structure of `src`, for the table in ARCHITECTURE.md:
 *
 *     node tools/structure.mjs              the figures, as a Markdown table
 *     node tools/structure.mjs --list       and below it each file with one importer, each circle, each name twice
 *
 * It counts what a reader meets: type-only imports count as imports, because a reader follows them too.
 */
import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** A folder's TypeScript files, each parsed once: its imports within `src`, its exports, its functions. */
export async function readFolder(folder) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts')).sort()
  const paths = new Set(names.map((name) => resolve(folder, name)))
  return names.map((name) => readSource(resolve(folder, name), paths, folder))
}

function readSource(path, paths, folder) {
  const text = readFileSync(path, 'utf8')
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  const imports = new Set()
  const exports = []
  let functions = 0
  const visit = (node) => {
    if (ts.isFunctionLike(node) && node.body !== undefined) functions += 1
    const target = importedPath(node, path)
    if (target !== undefined && paths.has(target)) imports.add(relative(folder, target))
    ts.forEachChild(node, visit)
  }
  visit(source)
  for (const statement of source.statements) exports.push(...exportedNames(statement))
  return { name: relative(folder, path), lines: text.split('\n').length - 1, imports, exports, functions }
}

function importedPath(node, from) {
  const literal = moduleOf(node)
  if (literal === undefined || !literal.text.startsWith('.')) return undefined
  return resolve(dirname(from), literal.text)
}

function moduleOf(node) {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return node.argument.literal
  const dynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
  const [argument] = dynamic ? node.arguments : []
  return argument !== undefined && ts.isStringLiteral(argument) ? argument : undefined
}

/** What a statement declares and exports; a re-export declares nothing. */
function exportedNames(statement) {
  const exported = ts.canHaveModifiers(statement)
    ? ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    : false
  if (!exported) return []
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : name.elements.map((element) => element.name.text),
    )
  return statement.name === undefined ? [] : [statement.name.text]
}

/** Files that import each other in a ring (Tarjan's strongly connected components of two files or more). */
export function circlesOf(files) {
  const byName = new Map(files.map((file) => [file.name, file]))
  const index = new Map()
  const low = new Map()
  const stack = []
  const circles = []
  const connect = (name) => {
    index.set(name, index.size)
    low.set(name, index.get(name))
    stack.push(name)
    for (const next of byName.get(name).imports) {
      if (!index.has(next)) connect(next)
      if (stack.includes(next)) low.set(name, Math.min(low.get(name), low.get(next)))
    }
    if (low.get(name) !== index.get(name)) return
    const circle = stack.splice(stack.indexOf(name))
    if (circle.length > 1) circles.push(circle.sort())
  }
  for (const { name } of files) if (!index.has(name)) connect(name)
  return circles
}

/** For each file, who imports it. */
function importersOf(files) {
  const importers = new Map(files.map(({ name }) => [name, []]))
  for (const { name, imports } of files) for (const one of imports) importers.get(one).push(name)
  return importers
}

/** Names that two files declare and export; both declarations are listed. */
function namesTwice(files) {
  const places = new Map()
  for (const { name, exports } of files)
    for (const exported of new Set(exports)) places.set(exported, [...(places.get(exported) ?? []), name])
  return [...places].filter(([, where]) => where.length > 1).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** The value that `share` of the sorted numbers do not pass. */
const quantile = (numbers, share) =>
  [...numbers].sort((a, b) => a - b)[Math.ceil(share * numbers.length) - 1] ?? 0

export async function measure(folder = join(root, 'src')) {
  const files = await readFolder(folder)
  const lines = files.map((file) => file.lines)
  return {
    files: files.length,
    lines: lines.reduce((sum, one) => sum + one, 0),
    median: quantile(lines, 0.5),
    ninetieth: quantile(lines, 0.9),
    functions: files.reduce((sum, { functions }) => sum + functions, 0),
    oneImporter: [...importersOf(files)].filter(([, who]) => who.length === 1).map(([name]) => name),
    circles: circlesOf(files),
    namesTwice: namesTwice(files),
  }
}

function table({ files, lines, median, ninetieth, functions, oneImporter, circles, namesTwice }) {
  const rows = [
    ['files', files],
    ['lines', lines],
    ['lines of a file, median', median],
    ['lines of a file, 90th percentile', ninetieth],
    ['functions', functions],
    ['files with one importer', oneImporter.length],
    ['circles of imports', circles.length],
    ['files within circles', circles.flat().length],
    ['names that two files export', namesTwice.length],
  ]
  return [
    '| of `src` | figure |',
    '| --- | --- |',
    ...rows.map(([name, figure]) => `| ${name} | ${figure} |`),
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const figures = await measure()
  console.log(table(figures))
  if (process.argv.includes('--list')) {
    console.log(`\nFiles with one importer:\n${figures.oneImporter.map((name) => `  ${name}`).join('\n')}`)
    console.log(`\nCircles:\n${figures.circles.map((circle) => `  ${circle.join(' ')}`).join('\n')}`)
    console.log(
      `\nNames twice:\n${figures.namesTwice.map(([name, where]) => `  ${name}: ${where.join(', ')}`).join('\n')}`,
    )
  }
}
