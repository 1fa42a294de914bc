import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InlineAsset, PageAssets } from '../../report/html/document.ts'
import { packageRoot } from './package-root.ts'

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
