import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from '../parser/parse.ts'
import { treeToJson } from '../parser/tree-json.ts'
import { packageRoot, treeFile } from '../host/package.ts'
import { createSourceFile } from '../source/source-file.ts'

// Run by the build, beside the bundle: keeps the package's own specs parsed.
for (const folder of ['specs/std', 'specs/networks'])
  for (const name of readdirSync(join(packageRoot(), folder)))
    if (name.endsWith('.arch')) keep(`${folder}/${name}`)

function keep(path: string): void {
  const text = readFileSync(join(packageRoot(), path), 'utf8')
  const { module, diagnostics } = parse(createSourceFile(path, text))
  if (diagnostics.length > 0) return
  const target = join(__dirname, '../trees', `${path}.tree`)
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, treeFile(text, treeToJson(module)))
}
