import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { archc, cli, runNode, TINY, workFolder } from './support/archc.ts'
import { spawnSync } from 'node:child_process'

test('text names the operators', async () => {
  const cwd = workFolder({ 'tiny.arch': TINY })
  const { stdout } = await archc(['ir', 'tiny.arch'], { cwd })
  for (const word of ['stem.conv1', 'relu', 'head.linear1']) expect(stdout).toContain(word)
})

test('JSON on stdout and in a file are the same', async () => {
  const cwd = workFolder({ 'tiny.arch': TINY })
  const { stdout } = await archc(['ir', 'tiny.arch', '--json'], { cwd })
  expect(JSON.parse(stdout)).toMatchObject({ name: 'tiny' })
  const written = await archc(['ir', 'tiny.arch', '--json', '-o', 'tiny.json'], { cwd })
  expect(written.stdout).toBe('')
  expect(readFileSync(join(cwd, 'tiny.json'), 'utf8')).toBe(stdout)
  expect(readdirSync(cwd).sort()).toEqual(['tiny.arch', 'tiny.json'])
})

test('a file that cannot be written is the input at fault', async () => {
  const cwd = workFolder({ 'tiny.arch': TINY })
  const { status, stderr } = await archc(['ir', 'tiny.arch', '-o', 'nowhere/tiny.ir'], { cwd })
  expect(status).toBe(1)
  expect(stderr).toContain('E0907')
})

test('nothing is left of a spec with mistakes', async () => {
  const cwd = workFolder({ 'bad.arch': TINY.replace('relu', 'rleu') })
  expect((await archc(['ir', 'bad.arch', '-o', 'bad.ir'], { cwd })).status).toBe(1)
  expect(readdirSync(cwd)).toEqual(['bad.arch'])
})

test('a reader that leaves early is no error', () => {
  const piped = `"${process.execPath}" "${cli}" ir resnet101 --json | head -c 100 > /dev/null; exit \${PIPESTATUS[0]}`
  const { status, stderr } = spawnSync('bash', ['-c', piped], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})

test('the help, the list and a check load no engine, no images, no validator', async () => {
  // A module is loaded through the file system: forbid what must not be read, and see that nothing asks for it.
  const cwd = workFolder({
    'hook.mjs': `export async function resolve(name, context, next) {
      if (/tensorflow|sharp|ajv/.test(name)) throw new Error('loaded ' + name)
      return next(name, context)
    }`,
    'register.mjs': `import { register } from 'node:module'; register('./hook.mjs', import.meta.url)`,
    'tiny.arch': TINY,
  })
  for (const args of [
    ['--help'],
    ['networks'],
    ['check', join(cwd, 'tiny.arch')],
    ['analyze', 'resnet18'],
    ['run', '--help'],
  ]) {
    const { status, stderr } = await runNode(['--import', join(cwd, 'register.mjs'), cli, ...args])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  }
})
