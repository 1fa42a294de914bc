import { fileURLToPath } from 'node:url'
import type { Module } from '../../parser/ast.ts'
import { treeFromJson } from '../../parser/tree-json.ts'
import type { SourceFile } from '../../source/source-file.ts'
import { readSealed, sealed } from './sealed-file.ts'

/** The build puts syntax trees of the package's own specs here, beside the bundle; there are none beside the sources. */
const folder = fileURLToPath(new URL('../trees/', import.meta.url))

/** Between the text and its tree; no source holds it. */
const SEPARATOR = '\0'

/** What `builtTree` reads: a text and its tree as JSON, sealed. */
export const treeFile = (text: string, tree: string): Uint8Array =>
  sealed(Buffer.from(text + SEPARATOR + tree))

/**
 * The syntax tree of a spec of the package, by its path there, made by the build from exactly this text: a parser
 * takes longer to get ready than to read such a file. `undefined` where there is none, or of another text, or where it is
 * damaged: with a digit flipped, a tree is that of another network.
 */
export function builtTree(path: string, file: SourceFile): Module | undefined {
  const content = readSealed(`${folder}${path}.tree`)?.toString('utf8')
  const end = content?.indexOf(SEPARATOR) ?? 0
  return content?.slice(0, end) === file.text ? treeFromJson(content.slice(end + 1), file) : undefined
}
