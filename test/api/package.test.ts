import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

it('the package holds the command, the library for programs, its types, and all specs', async () => {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    maxBuffer: 2 ** 24,
  })
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }]
  const paths = files.map(({ path }) => path)
  const wanted = [
    'dist/cli/archc.cjs',
    'dist/cli/core.cjs',
    'dist/lib/index.js',
    'dist/lib/node.js',
    'dist/lib/package.json',
    'dist/types/index.d.ts',
    'dist/report/analysis.js',
    'dist/report/sweep.js',
    'dist/report/page.css',
    'specs/std/attention.arch',
    'specs/networks/tresnet.arch',
    'specs/names/tresnet.json',
    'specs/labels/imagenet1k.json',
    'specs/schemas/ir.schema.json',
    'docs/language.md',
    'README.md',
    'LICENSE',
  ]
  expect(wanted.filter((path) => !paths.includes(path))).toEqual([])
  expect(paths.filter((path) => /^(src|test|build|node_modules|\.)/.test(path))).toEqual([])
})
