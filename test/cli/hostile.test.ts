import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeNpy } from '../../src/host/npy.ts'
import { archc, cli, runShell, TINY, workFolder } from './support/archc.ts'

const INPUT = writeNpy([3, 8, 8], new Float32Array(192))
const runTiny = (cwd: string, ...args: readonly string[]) =>
  archc(['run', 'tiny.arch', '--input', 'x.npy', ...args], { cwd })

describe("a stranger's spec", () => {
  const LABELLED = TINY.replace('stem', 'metadata(labels: "secret")\n  stem')

  test('reads no labels through links that leave its project', async () => {
    const outside = workFolder({ 'secret.json': '["a", "b", "c", "d"]' })
    const cwd = workFolder({ 'tiny.arch': LABELLED, 'x.npy': INPUT })
    symlinkSync(join(outside, 'secret.json'), join(cwd, 'secret.json'))
    const { status, stdout, stderr } = await archc(['compile', 'tiny.arch', '-o', 'out'], { cwd })
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain('E0905')
    expect(existsSync(join(cwd, 'out'))).toBe(false)
  })

  test('reads them through links within it', async () => {
    const cwd = workFolder({ 'tiny.arch': LABELLED, 'x.npy': INPUT, 'four.json': '["a", "b", "c", "d"]' })
    symlinkSync('four.json', join(cwd, 'secret.json'))
    expect((await runTiny(cwd)).status).toBe(0)
  })

  test('with a list of labels that is none writes no output', async () => {
    const cwd = workFolder({ 'tiny.arch': LABELLED, 'x.npy': INPUT, 'secret.json': '{}' })
    const { status, stderr } = await runTiny(cwd, '--output', 'y.npy')
    expect(status).toBe(1)
    expect(stderr).toContain('E0706')
    expect(existsSync(join(cwd, 'y.npy'))).toBe(false)
  })
})

describe('compile leaves alone', () => {
  test("another program's model.json", async () => {
    const cwd = workFolder({ 'tiny.arch': TINY })
    mkdirSync(join(cwd, 'out'))
    writeFileSync(join(cwd, 'out/model.json'), '{"format":"layers-model"}')
    const { status, stderr } = await archc(['compile', 'tiny.arch', '-o', 'out'], { cwd })
    expect(status).toBe(1)
    expect(stderr).toContain('E0906')
    expect(readFileSync(join(cwd, 'out/model.json'), 'utf8')).toContain('layers-model')
  })

  test('a folder among the files of a compiled model', async () => {
    const cwd = workFolder({ 'tiny.arch': TINY })
    await archc(['compile', 'tiny.arch', '-o', 'out'], { cwd })
    mkdirSync(join(cwd, 'out/labels.json'))
    writeFileSync(join(cwd, 'out/labels.json/mine'), '')
    expect((await archc(['compile', 'tiny.arch', '-o', 'out'], { cwd })).stderr).toContain('E0906')
    expect(existsSync(join(cwd, 'out/labels.json/mine'))).toBe(true)
  })
})

describe('output', () => {
  test.skipIf(process.platform !== 'linux')('into a folder that cannot be made ends', async () => {
    const cwd = workFolder({ 'tiny.arch': TINY, 'x.npy': INPUT })
    const { status, stderr } = await runTiny(cwd, '--tap', 'stem', '--tap-dir', '/proc/none/taps')
    expect(status).toBe(1)
    expect(stderr).toContain('E0907')
  })

  test('into a folder that is a file', async () => {
    const cwd = workFolder({ 'tiny.arch': TINY, 'x.npy': INPUT })
    const { status, stderr } = await runTiny(cwd, '--tap', 'stem', '--tap-dir', 'x.npy')
    expect(status).toBe(1)
    expect(stderr).toContain('a file has its name')
  })

  test.skipIf(!existsSync('/dev/full'))('on a full disk says so', async () => {
    const { status, stderr } = await runShell(`"${process.execPath}" "${cli}" ir resnet18 > /dev/full`)
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'error: the result cannot be written: no space is left\n',
    })
  })

  test('of which the reader has seen enough', async () => {
    const { status, stdout, stderr } = await runShell(
      `"${process.execPath}" "${cli}" ir resnet18 | head -n 1`,
    )
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.split('\n')).toHaveLength(2)
  })
})

test('what the command line is blamed for acts on no terminal', async () => {
  const cwd = workFolder({ 'tiny.arch': TINY, 'x.npy': INPUT })
  const { status, stderr } = await runTiny(cwd, '--tap', '\u001b[31mx', '--tap-dir', 'taps')
  expect(status).toBe(2)
  expect(stderr).toContain('␛[31mx')
})
