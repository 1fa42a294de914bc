import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from '../../src/parser/parse.ts'
import { treeFromJson, treeToJson } from '../../src/parser/tree-json.ts'
import { createSourceFile } from '../../src/source/source-file.ts'

const specs = join(import.meta.dirname, '../../specs')
const sources = ['std', 'networks'].flatMap((folder) =>
  readdirSync(join(specs, folder)).map((name) => `${folder}/${name}`),
)

test.each(sources)('the tree of %s survives JSON, spans and all', (path) => {
  const file = createSourceFile(path, readFileSync(join(specs, path), 'utf8'))
  const { module, diagnostics } = parse(file)
  expect(diagnostics).toEqual([])
  expect(treeFromJson(treeToJson(module), file)).toEqual(module)
})
