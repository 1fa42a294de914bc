import { execFileSync } from 'node:child_process'
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeNpy } from '../../src/host/npy.ts'
import { archc, cli, runShell, TINY, workFolder, type Ended } from './support/archc.ts'

const INPUT = writeNpy([3, 8, 8], new Float32Array(192))
const SWEEP = ['sweep', 'tiny.arch', '--over', 'classes=1..3']
const FILES = { 'tiny.arch': TINY, 'x.npy': INPUT, 'device.json': readFileSync('specs/devices/rtx3090.json') }

/** Every way to have archc write something, and the name that it then uses. */
const writers: readonly (readonly [string, readonly string[]])[] = [
  ['out', ['ir', 'tiny.arch', '-o', 'out']],
  ['out', ['analyze', 'tiny.arch', '--format', 'html', '-o', 'out']],
  ['out', ['compile', 'tiny.arch', '-o', 'out']],
  ['out', ['compile', 'tiny.arch', '-o', 'out/', '--force']],
  ['out', ['run', 'tiny.arch', '--input', 'x.npy', '--output', 'out']],
  ['out', ['run', 'tiny.arch', '--input', 'x.npy', '--tap', 'stem', '--tap-dir', 'out']],
  ['taps/stem.npy', ['run', 'tiny.arch', '--input', 'x.npy', '--tap', 'stem', '--tap-dir', 'taps']],
  ['out', [...SWEEP, '-o', 'out']],
  ['out', [...SWEEP, '-o', 'points.csv', '--html', 'out']],
  ['points.csv.unfinished', [...SWEEP, '-o', 'points.csv', '--restart']],
  ['points.csv.unfinished', [...SWEEP, '-o', 'points.csv', '--resume']],
  ['out', ['calibrate', '--backend', 'cpu', '-o', 'out']],
]

/** With `code`, or with that of a journal's name. */
const refused = (ended: Ended, code: 'E0780' | 'E0781'): void => {
  expect(ended.stderr).toMatch(new RegExp(`error\\[(${code}|E0783)\\]`))
  expect(ended.status).toBe(1)
}

describe('nothing is written', () => {
  test('through a link that leads out of its folder or nowhere', async () => {
    const outside = workFolder({ victim: 'PRECIOUS' })
    mkdirSync(join(outside, 'folder'))
    for (const target of ['victim', 'created', 'folder'])
      for (const [name, args] of writers) {
        const cwd = workFolder(FILES)
        mkdirSync(join(cwd, 'taps'))
        symlinkSync(join(outside, target), join(cwd, name))
        refused(await archc(args, { cwd }), 'E0780')
        expect(lstatSync(join(cwd, name)).isSymbolicLink()).toBe(true)
        expect(readdirSync(outside).sort(), args.join(' ')).toEqual(['folder', 'victim'])
        expect(readdirSync(join(outside, 'folder'))).toEqual([])
        expect(readFileSync(join(outside, 'victim'), 'utf8')).toBe('PRECIOUS')
        expect(readdirSync(cwd).filter((each) => each.endsWith('.tmp'))).toEqual([])
      }
  })

  test('to a named pipe or a socket, and none is waited for', async () => {
    for (const [name, args] of writers) {
      const cwd = workFolder(FILES)
      mkdirSync(join(cwd, 'taps'))
      execFileSync('mkfifo', [join(cwd, name)])
      refused(await archc(args, { cwd }), 'E0781')
    }
    const cwd = workFolder(FILES)
    const server = createServer().listen(join(cwd, 'out'))
    refused(await archc(['ir', 'tiny.arch', '-o', 'out'], { cwd }), 'E0781')
    server.close()
  })

  test("over a file that no sweep wrote, or that has another name, in a journal's place", async () => {
    for (const option of ['--restart', '--resume']) {
      const cwd = workFolder({ 'tiny.arch': TINY, 'points.csv.unfinished': 'my own notes' })
      const own = await archc([...SWEEP, '-o', 'points.csv', option], { cwd })
      expect([own.status, /E0783|E1408/.test(own.stderr)]).toEqual([1, true])
      expect(readFileSync(join(cwd, 'points.csv.unfinished'), 'utf8')).toBe('my own notes')
      rmSync(join(cwd, 'points.csv.unfinished'))
      writeFileSync(join(cwd, 'other'), '{"archc_unfinished_sweep":1}\n')
      linkSync(join(cwd, 'other'), join(cwd, 'points.csv.unfinished'))
      expect((await archc([...SWEEP, '-o', 'points.csv', option], { cwd })).stderr).toContain('E0783')
      expect(readFileSync(join(cwd, 'other'), 'utf8')).toBe('{"archc_unfinished_sweep":1}\n')
    }
  })
})

test('a link to something in its own folder is followed', async () => {
  const cwd = workFolder({ 'tiny.arch': TINY, real: '' })
  symlinkSync('real', join(cwd, 'out'))
  expect((await archc(['ir', 'tiny.arch', '-o', 'out'], { cwd })).status).toBe(0)
  expect(lstatSync(join(cwd, 'out')).isSymbolicLink()).toBe(true)
  expect(readFileSync(join(cwd, 'real'), 'utf8')).toContain('tiny')
})

test.skipIf(process.platform !== 'linux')('devices and open outputs are written to as they are', async () => {
  const cwd = workFolder({ 'tiny.arch': TINY })
  expect((await archc(['ir', 'tiny.arch', '-o', '/dev/null'], { cwd })).status).toBe(0)
  expect((await archc([...SWEEP, '-o', '/dev/null'], { cwd })).status).toBe(0)
  const printed = await archc(['ir', 'tiny.arch'], { cwd })
  for (const path of ['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'])
    expect((await archc(['ir', 'tiny.arch', '-o', path], { cwd })).stdout).toBe(printed.stdout)
  const shell = (line: string) => runShell(`cd "${cwd}"; "${process.execPath}" "${cli}" ir ${line}`)
  expect((await shell('tiny.arch -o /dev/stdout | cat')).stdout).toBe(printed.stdout)
  expect((await shell('tiny.arch -o /dev/fd/5 5>&1 | cat')).stdout).toBe(printed.stdout)
  expect((await shell('resnet18 -o /dev/stdout | head -n 1')).stdout.split('\n')).toHaveLength(2)
  expect((await shell('tiny.arch -o /dev/fd/77')).stderr).toContain('E0907')
  expect((await shell('tiny.arch -o /dev/full')).stderr).toContain('no space is left')
  expect(readdirSync(cwd)).toEqual(['tiny.arch'])
})

test('a compiled model is read from its own folder alone', async () => {
  const outside = workFolder({ 'secret.json': '["a", "b", "c", "d"]' })
  const cwd = workFolder({ 'tiny.arch': TINY, 'x.npy': INPUT })
  await archc(['compile', 'tiny.arch', '-o', 'model'], { cwd })
  const runModel = () => archc(['run', './model', '--input', 'x.npy'], { cwd })
  symlinkSync(join(outside, 'secret.json'), join(cwd, 'model/labels.json'))
  expect((await runModel()).stderr).toContain('E0782')
  rmSync(join(cwd, 'model/labels.json'))
  expect((await runModel()).status).toBe(0)
  for (const name of ['model.json', 'weights.safetensors']) {
    const file = join(cwd, 'model', name)
    const content = readFileSync(file)
    writeFileSync(join(outside, name), content)
    rmSync(file)
    symlinkSync(join(outside, name), file)
    expect((await runModel()).stderr).toContain('E0782')
    rmSync(file)
    execFileSync('mkfifo', [file])
    expect((await runModel()).stderr).toContain('E0901')
    rmSync(file)
    writeFileSync(file, content)
  }
})

describe.skipIf(process.platform !== 'linux')('a working folder', () => {
  const commands = ['check tresnet_m', 'ir resnet18 -o out', 'compile resnet18 -o out', 'check tiny.arch']
  const more = ['sweep resnet18 --over width=8 -o out', 'run resnet18 --input x.npy', 'analyze ./tiny.arch']

  test('that is gone is told', async () => {
    for (const args of [...commands, ...more]) {
      const cwd = workFolder()
      const line = `mkdir "${cwd}/gone"; cd "${cwd}/gone"; rmdir "${cwd}/gone"; "${process.execPath}" "${cli}" ${args}`
      const { status, stdout, stderr } = await runShell(line)
      expect(stderr).not.toContain('internal error')
      if (args !== 'check tresnet_m')
        expect([status, /E0784|E0900/.exec(stdout + stderr)?.[0]], args).toEqual([1, 'E0784'])
    }
  })

  test('whose name is not UTF-8 is told where it matters', async () => {
    for (const args of [...commands, ...more]) {
      const cwd = workFolder({ 'tiny.arch': TINY, 'x.npy': INPUT })
      const line = `cd "${cwd}"; d=$(printf 'caf\\351'); mkdir "$d"; cp tiny.arch x.npy "$d"; cd "$d"; "${process.execPath}" "${cli}" ${args}`
      const { status, stdout, stderr } = await runShell(line)
      expect(stderr).not.toContain('internal error')
      if (args.includes('tiny'))
        expect([status, stdout + stderr]).toEqual([1, expect.stringContaining('E0785')])
      else expect([args, status, stderr]).toEqual([args, 0, expect.anything()])
      expect(existsSync(join(cwd, 'out'))).toBe(false)
    }
  })

  test('holds names that are not UTF-8, which are told', async () => {
    const cwd = workFolder({ 'tiny.arch': TINY })
    for (const args of ['check $n.arch', 'ir tiny.arch -o $n', 'run tiny.arch --input $n.npy']) {
      const line = `cd "${cwd}"; n=$(printf 'b\\351'); cp tiny.arch $n.arch; "${process.execPath}" "${cli}" ${args}`
      const { status, stdout, stderr } = await runShell(line)
      expect([status, stdout + stderr]).toEqual([1, expect.stringContaining('E0785')])
    }
  })
})
