import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Module } from '../../parser/ast.ts'
import { treeFromJson } from '../../parser/tree-json.ts'
import type { SourceFile } from '../../source/source-file.ts'

/** The build puts syntax trees of the package's own specs here, beside the bundle; there are none beside the sources. */
const folder = fileURLToPath(new URL('../trees/', import.meta.url))

/** Between the text and its tree; no source holds it. */
export const SEPARATOR = '\0'

/**
 * The syntax tree of a spec of the package, by its path there, made by the build from exactly this text: a parser
 * takes longer to get ready than to read such a file. `undefined` where there is none, or of another text.
 */
export function builtTree(path: string, file: SourceFile): Module | undefined {
  const name = `${folder}${path}.tree`
  if (!existsSync(name)) return undefined
  const content = readFileSync(name, 'utf8')
  const end = content.indexOf(SEPARATOR)
  return content.slice(0, end) === file.text ? treeFromJson(content.slice(end + 1), file) : undefined
}
