import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { archc, TINY, workFolder } from './support/archc.ts'

const FILES = ['model.json', 'weights.safetensors']

const compile = (cwd: string, ...args: readonly string[]) =>
  archc(['compile', 'tiny.arch', '-o', 'out', ...args], { cwd })

describe('a compiled model', () => {
  test('holds graph and weights, and says that they are random', async () => {
    const cwd = workFolder({ 'tiny.arch': TINY })
    const { status, stdout, stderr } = await compile(cwd)
    expect(status).toBe(0)
    expect(stdout).toBe('tiny is compiled into out\n')
    expect(stderr).toContain('random')
    expect(readdirSync(cwd).sort()).toEqual(['out', 'tiny.arch'])
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual(FILES)
  })

  test('is the same each time for one seed', async () => {
    const cwd = workFolder({ 'tiny.arch': TINY })
    const weights = async (seed: string, folder: string) => {
      await archc(['compile', 'tiny.arch', '-o', folder, '--seed', seed], { cwd })
      return readFileSync(join(cwd, folder, 'weights.safetensors')).toString('base64')
    }
    const [a, b, c] = [await weights('1', 'a'), await weights('1', 'b'), await weights('2', 'c')]
    expect(b).toBe(a)
    expect(c).not.toBe(a)
  })

  test('replaces an older one, an empty folder, and makes the folders above', async () => {
    const cwd = workFolder({ 'tiny.arch': TINY })
    mkdirSync(join(cwd, 'out'))
    for (const args of [[], ['--seed', '3'], ['-o', 'deep/er/out']])
      expect((await compile(cwd, ...args)).status).toBe(0)
    expect(readdirSync(cwd).sort()).toEqual(['deep', 'out', 'tiny.arch'])
    expect(readdirSync(join(cwd, 'deep/er')).sort()).toEqual(['out'])
  })
})

describe('the folder of something else', () => {
  const withNotes = () => {
    const cwd = workFolder({ 'tiny.arch': TINY })
    mkdirSync(join(cwd, 'out'))
    writeFileSync(join(cwd, 'out/notes.txt'), 'mine')
    writeFileSync(join(cwd, 'out/model.json'), '{}')
    return cwd
  }

  test('is left alone', async () => {
    const cwd = withNotes()
    const { status, stderr } = await compile(cwd)
    expect(status).toBe(1)
    expect(stderr).toContain('E0906')
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual(['model.json', 'notes.txt'])
    expect(readdirSync(cwd).sort()).toEqual(['out', 'tiny.arch'])
  })

  test('is replaced with --force', async () => {
    const cwd = withNotes()
    expect((await compile(cwd, '--force')).status).toBe(0)
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual(FILES)
    expect(readdirSync(cwd).sort()).toEqual(['out', 'tiny.arch'])
  })

  test.each(['.', '..', '/'])('is never the one that one works in or one above: %s', async (folder) => {
    const cwd = workFolder({ 'tiny.arch': TINY })
    expect((await compile(cwd, '-o', folder, '--force')).status).toBe(1)
    expect(readdirSync(cwd)).toEqual(['tiny.arch'])
  })

  test('is no file, and a link is followed', async () => {
    const cwd = workFolder({ 'tiny.arch': TINY })
    expect((await compile(cwd, '-o', 'tiny.arch', '--force')).stderr).toContain('E0901')
    mkdirSync(join(cwd, 'real'))
    symlinkSync('real', join(cwd, 'out'))
    expect((await compile(cwd)).status).toBe(0)
    expect(readdirSync(join(cwd, 'real')).sort()).toEqual(FILES)
  })
})

describe('what cannot be compiled leaves nothing', () => {
  test.each([
    ['a spec with mistakes', ['--set', 'classes=0']],
    ['weights that are missing', ['--weights', 'none.safetensors']],
    ['weights that are no safetensors', ['--weights', 'tiny.arch']],
    ['a name map that is none', ['--weights', 'tiny.arch', '--names', 'tiny.arch']],
  ])('%s', async (_, args) => {
    const cwd = workFolder({ 'tiny.arch': TINY })
    const { status, stderr } = await compile(cwd, ...args)
    expect(status).toBe(1)
    expect(stderr).toMatch(/error\[E\d{4}\]/)
    expect(readdirSync(cwd)).toEqual(['tiny.arch'])
  })
})
