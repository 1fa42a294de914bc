import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from './package-root.ts'

/** A network that comes with archc. */
export interface BuiltIn {
  readonly name: string
  /** Relative to the package's root. */
  readonly file: string
  /** Whether others of its file are variants of it; it may then want arguments and is no published network itself. */
  readonly isFamily: boolean
}

const FOLDER = 'specs/networks'
/** A declaration begins its line in every file there; parsing them all would double the time of a start. */
const KEYWORD = 'network '
const DECLARATION = /^network\s+([A-Za-z_]\w*)(?:\s*=\s*([A-Za-z_]\w*))?/

/** The networks of the package in order of name. */
export function builtIns(): readonly BuiltIn[] {
  return networkFiles()
    .flatMap(declaredIn)
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
}

/** Those that `archc networks` lists. */
export const published = (): readonly BuiltIn[] => builtIns().filter(({ isFamily }) => !isFamily)

/** The network of that name. Files that are called like it are looked at first: most often one read suffices. */
export function findBuiltIn(name: string): BuiltIn | undefined {
  const likeness = new Map(
    networkFiles().map((file) => [file, commonStart(name, file.slice(FOLDER.length + 1))]),
  )
  for (const [file] of [...likeness].sort(([, a], [, b]) => b - a)) {
    const found = declaredIn(file).find((builtIn) => builtIn.name === name)
    if (found !== undefined) return found
  }
  return undefined
}

const networkFiles = (): string[] =>
  readdirSync(join(packageRoot(), FOLDER))
    .filter((name) => name.endsWith('.arch'))
    .map((name) => `${FOLDER}/${name}`)

function commonStart(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}

function declaredIn(file: string): BuiltIn[] {
  const lines = readFileSync(join(packageRoot(), file), 'utf8').split('\n')
  const declarations = lines
    .filter((line) => line.startsWith(KEYWORD))
    .map((line) => DECLARATION.exec(line) ?? [])
  const families = new Set(declarations.map(([, , base]) => base))
  return declarations.map(([, name = '']) => ({ name, file, isFamily: families.has(name) }))
}
