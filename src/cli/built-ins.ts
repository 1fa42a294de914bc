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
const DECLARATION = /^network\s+([A-Za-z_]\w*)(?:\s*=\s*([A-Za-z_]\w*))?/gm

/** The networks of the package in order of name. */
export function builtIns(): readonly BuiltIn[] {
  const folder = join(packageRoot(), FOLDER)
  return readdirSync(folder)
    .filter((name) => name.endsWith('.arch'))
    .flatMap((name) => declaredIn(join(folder, name), `${FOLDER}/${name}`))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
}

/** Those that `archc networks` lists. */
export const published = (): readonly BuiltIn[] => builtIns().filter(({ isFamily }) => !isFamily)

function declaredIn(path: string, file: string): BuiltIn[] {
  const declarations = [...readFileSync(path, 'utf8').matchAll(DECLARATION)]
  const families = new Set(declarations.map(([, , base]) => base))
  return declarations.map(([, name = '']) => ({ name, file, isFamily: families.has(name) }))
}
