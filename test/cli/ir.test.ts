import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { archc, cli, runNode, TINY, workFolder } from './support/archc.ts'
import { npy } from './support/npy.ts'

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

test('what needs no engine and no images loads none, and run does', async () => {
  const cwd = workFolder({
    'forbid.cjs': `const modules = require('node:module'), load = modules._load
      modules._load = (name, ...more) => {
        if (/tensorflow|sharp/.test(name)) { process.stderr.write('loaded ' + name); process.exit(3) }
        return load(name, ...more)
      }`,
    'tiny.arch': TINY,
    'x.npy': npy([3, 8, 8]),
  })
  const tiny = join(cwd, 'tiny.arch')
  const forbidding = (args: readonly string[]) =>
    runNode(['--require', join(cwd, 'forbid.cjs'), cli, ...args])
  for (const args of [
    ['--help'],
    ['networks'],
    ['check', tiny],
    ['analyze', tiny],
    ['ir', tiny, '--json'],
    ['run', '--help'],
    ['compile', tiny, '-o', join(cwd, 'out')],
  ])
    expect((await forbidding(args)).status, args.join(' ')).toBe(0)
  expect((await forbidding(['run', tiny, '--input', join(cwd, 'x.npy')])).status).toBe(3)
})

test('prints and prices a graph after a pass, and says so', async () => {
  const printed = await archc(['ir', 'resnet18', '--after', 'fold-norm'])
  expect(printed.stdout).toContain('derived parameters')
  expect(printed.stdout).not.toContain('= batch_norm(')
  const priced = await archc(['analyze', 'resnet18', '--after', 'fold-norm'])
  expect(priced.stderr).toBe('note: the figures are of the graph after fold-norm\n')
  const refused = await archc(['analyze', 'resnet18', '--after', 'fold-norm', '--training'])
  expect(refused.stderr).toContain('--training and --after fold-norm exclude each other')
  const unknown = await archc(['ir', 'resnet18', '--after', 'fold'])
  expect(unknown.stderr).toContain('Allowed choices are dead-code, fold-norm.')
})
