import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { confined, projectRoot } from './file-host.ts'
import { realPathOf } from './file-system.ts'
import { packageRoot } from './package-root.ts'
import { readTextInput } from './read-input.ts'

const MAX_BYTES = 4 * 1024 * 1024

/** A kind of JSON file that specs refer to by name. */
export interface DataKind {
  /** As a message calls one. */
  readonly what: string
  /** Relative to the package's root. */
  readonly folder: string
}

export const NAME_MAPS: DataKind = { what: 'name map', folder: 'specs/names' }
export const LABELS: DataKind = { what: 'list of labels', folder: 'specs/labels' }

export interface DataFile {
  readonly path: string
  readonly text: string
}

/**
 * The file that `metadata(names: ..., labels: ...)` of a spec names: `NAME.json` beside the spec, or archc's own.
 * @throws DiagnosticError E0905, E0909, and those of reading
 */
export function readDataFile(kind: DataKind, name: string, spec: string): DataFile {
  const own = join(packageRoot(), kind.folder)
  // A spec names files, it does not reach for them: no path, nothing outside these two folders.
  const folders = /^[\w-]{1,100}$/.test(name) ? [dirname(spec), own] : []
  const folder = folders.find((candidate) => existsSync(join(candidate, `${name}.json`)))
  if (folder === undefined) throw new DiagnosticError([unknown(kind, name, own, spec)])
  const path = join(folder, `${name}.json`)
  // Links may lead to other files of the same project, and to no others.
  confined(projectRoot(realPathOf(folder, folder)), path, path)
  return readDataPath(kind, path)
}

/** A file that the user named by its path. */
export const readDataPath = ({ what }: DataKind, path: string): DataFile => ({
  path,
  text: readTextInput({ file: path, wanted: `a ${what}`, limit: MAX_BYTES }),
})

function unknown({ what }: DataKind, name: string, own: string, spec: string) {
  const known = readdirSync(own).map((file) => file.replace(/\.json$/, ''))
  return diagnose('E0909', { path: spec }, { what, name, known })
}
