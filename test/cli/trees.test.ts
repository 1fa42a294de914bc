import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packageRoot } from '../../src/host/package.ts'

let copy = ''
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'archc-trees-'))
  await cp(join(packageRoot(), 'dist'), join(copy, 'dist'), { recursive: true })
  await cp(join(packageRoot(), 'specs'), join(copy, 'specs'), { recursive: true })
})
afterAll(() => rm(copy, { recursive: true, force: true }))

const archc = (...args: string[]) =>
  promisify(execFile)(process.execPath, [join(copy, 'dist/cli/archc.cjs'), ...args]).then(
    ({ stdout }) => stdout,
  )

test('a spec of the package is read anew once its text differs from the one that the build has parsed', async () => {
  const before = JSON.parse(await archc('analyze', 'resnet18', '--json')) as { parameters: number }
  const spec = join(copy, 'specs/networks/resnet.arch')
  const text = await readFile(spec, 'utf8')
  await writeFile(spec, text.replace(/linear\(classes\)/, 'linear(10)'))
  const after = JSON.parse(await archc('analyze', 'resnet18', '--json')) as { parameters: number }
  expect(before.parameters - after.parameters).toBe(990 * 513)
})

test('without the trees, everything is parsed', async () => {
  await rm(join(copy, 'dist/trees'), { recursive: true })
  expect(await archc('check', 'tresnet_m')).toBe('tresnet_m: no mistakes\n')
})
