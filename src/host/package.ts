import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Module } from '../parser/ast.ts'
import { treeFromJson } from '../parser/tree-json.ts'
import type { SourceFile } from '../source/source-file.ts'
import { readSealed, sealed } from './sealed-file.ts'
import { createHash } from 'node:crypto'
import type { InlineAsset, PageAssets } from '../report/html/document.ts'

let found: string | undefined

/** The folder of the installed package: the nearest one above this code that holds the standard library. */
export function packageRoot(): string {
  return (found ??= nearestAbove(dirname(fileURLToPath(import.meta.url)), 'specs/std'))
}

function nearestAbove(start: string, holding: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, holding))) return folder
    if (dirname(folder) === folder) throw new Error(`the package lacks ${holding}`)
  }
}

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

/** The pages that the build makes, by the name of their script in `dist/report`. */
export type PageName = 'analysis' | 'sweep'

/** Script and style of a page, as the build left them in the package. */
export const readPageAssets = (page: PageName): PageAssets => ({
  script: inlineAsset(`${page}.js`),
  style: inlineAsset('page.css'),
})

function inlineAsset(name: string): InlineAsset {
  const text = readFileSync(join(packageRoot(), 'dist/report', name), 'utf8')
  return { text, sha256: createHash('sha256').update(text).digest('base64') }
}
