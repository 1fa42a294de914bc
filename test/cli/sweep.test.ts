import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { archc, cli, TINY, workFolder } from './support/archc.ts'

const rowsOf = (folder: string, file: string): string[][] =>
  readFileSync(join(folder, file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))

describe('a sweep', () => {
  test('of a network of the package writes a table of all points, and tells the front', async () => {
    const cwd = workFolder()
    const args = [
      'sweep',
      'resnet18',
      '--over',
      'width=32..64:16',
      '--over',
      'classes=10,1000',
      '-o',
      'points.csv',
    ]
    const { status, stdout, stderr } = await archc(args, { cwd })
    expect(status).toBe(0)
    expect(stdout).toContain('6 points of width (3) x classes (2)')
    expect(stderr).toContain('6 of 6 points')
    const [header, ...rows] = rowsOf(cwd, 'points.csv')
    expect(header!.slice(0, 3)).toEqual(['width', 'classes', 'parameters'])
    expect(rows.map(([width, classes]) => `${width} ${classes}`)).toEqual([
      ...['32 10', '32 1000', '48 10', '48 1000', '64 10', '64 1000'],
    ])
    expect(rows[5]![2]).toBe('11689512')
    expect(readdirSync(cwd)).toEqual(['points.csv'])
  })

  test('reaches into blocks, and counts points that are no networks', async () => {
    const cwd = workFolder()
    const args = [
      'sweep',
      'tresnet_m',
      '--over',
      'layer3.se.reduction=0,2,4',
      '-o',
      'points.csv',
      '--device',
      'none',
    ]
    const { status, stdout } = await archc(args, { cwd })
    expect(status).toBe(0)
    expect(stdout).toContain('1 is no network')
    const [, broken, own, lighter] = rowsOf(cwd, 'points.csv')
    expect(broken!.at(-1)).toMatch(/^E\d{4}$/)
    expect(own![1]).toBe('31389032')
    expect(Number(lighter![1])).toBeLessThan(31_389_032)
  })

  test('gives the same table whatever the number of workers', async () => {
    const cwd = workFolder({ 'tiny.arch': TINY })
    const args = ['sweep', 'tiny.arch', '--over', 'classes=1..120', '--over', 'input_size=8..16:4']
    const [one, many] = await Promise.all([
      archc([...args, '-o', 'one.csv', '--workers', '1'], { cwd }),
      archc([...args, '-o', 'many.csv', '--workers', '3', '--html', 'page.html'], { cwd }),
    ])
    expect([one.status, many.status]).toEqual([0, 0])
    expect(rowsOf(cwd, 'many.csv')).toEqual(rowsOf(cwd, 'one.csv'))
    expect(rowsOf(cwd, 'one.csv')).toHaveLength(1 + 360)
    expect(readFileSync(join(cwd, 'page.html'), 'utf8')).toContain('tiny.arch')
  })

  test('draws some of the points, the same for a seed, and prints JSON', async () => {
    const cwd = workFolder({ 'tiny.arch': TINY })
    const args = [
      'sweep',
      'tiny.arch',
      '--over',
      'classes=1..1000',
      '--over',
      'batch=1..1000',
      '--over',
      'input_size=8..64',
    ]
    const [a, b] = await Promise.all(
      [0, 1].map(() => archc([...args, '--sample', '20', '--seed', '3', '--json'], { cwd })),
    )
    expect(a!.stdout).toBe(b!.stdout)
    expect((JSON.parse(a!.stdout) as { points: unknown[] }).points).toHaveLength(20)
  })
})

describe('an unfinished sweep', () => {
  const args = ['sweep', 'tiny.arch', '--over', 'classes=1..3000', '-o', 'points.csv']

  /** What an interrupt leaves, once some points are known. */
  async function interrupted(cwd: string, more: readonly string[] = []): Promise<number | null> {
    const child = spawn(process.execPath, [cli, ...args, ...more], { cwd, stdio: 'ignore' })
    const watcher = watch(cwd, () => {
      const file = join(cwd, 'points.csv.unfinished')
      if (existsSync(file) && readFileSync(file, 'utf8').split('\n').length > 4) child.kill('SIGINT')
    })
    const status = await new Promise<number | null>((done) => child.on('close', done))
    watcher.close()
    return status
  }

  test('keeps what is known; --resume goes on from there, to the same table', async () => {
    const cwd = workFolder({ 'tiny.arch': TINY })
    const status = await interrupted(cwd)
    // The interrupt may come too late; then nothing is left to resume.
    if (status !== 0) {
      expect(status).toBe(130)
      expect(readdirSync(cwd).sort()).toEqual(['points.csv.unfinished', 'tiny.arch'])
      const refused = await archc(args, { cwd })
      expect([refused.status, refused.stderr.includes('E1409')]).toEqual([1, true])
      const resumed = await archc([...args, '--resume'], { cwd })
      expect(resumed.stderr).toMatch(/[1-9][\d,]* of 3,000 points are known already/)
    }
    const again = await archc([...args.slice(0, -1), 'again.csv'], { cwd })
    expect(again.status).toBe(0)
    expect(readdirSync(cwd).sort()).toEqual(['again.csv', 'points.csv', 'tiny.arch'])
    expect(rowsOf(cwd, 'points.csv')).toEqual(rowsOf(cwd, 'again.csv'))
  })

  test('of something else is refused, and --restart begins anew', async () => {
    const cwd = workFolder({ 'tiny.arch': TINY })
    if ((await interrupted(cwd)) === 0) return
    writeFileSync(join(cwd, 'tiny.arch'), TINY.replace('-> relu', '-> sigmoid'))
    const other = await archc([...args, '--resume', '--batch', '8'], { cwd })
    expect(other.status).toBe(1)
    for (const word of ['E1407', 'text of the spec', 'engine']) expect(other.stderr).toContain(word)
    const anew = await archc([...args, '--restart'], { cwd })
    expect(anew.status).toBe(0)
    expect(readdirSync(cwd).sort()).toEqual(['points.csv', 'tiny.arch'])
  })

  test('that was damaged is refused, and one that is not there is begun', async () => {
    const cwd = workFolder({ 'tiny.arch': TINY, 'points.csv.unfinished': 'what is this?\n' })
    const few = ['sweep', 'tiny.arch', '--over', 'classes=1..3', '-o', 'points.csv', '--resume']
    const damaged = await archc(few, { cwd })
    expect([damaged.status, damaged.stderr.includes('E1408')]).toEqual([1, true])
    const begun = await archc([...few.slice(0, -2), 'others.csv', '--resume'], { cwd })
    expect(begun.status).toBe(0)
  })
})

describe('mistakes', () => {
  test.each([
    ['E1401', ['--over', 'classes']],
    ['E1402', ['--over', 'classes=3..1']],
    ['E1403', ['--over', 'classes=1..999', '--over', 'batch=1..9999']],
    ['E1404', ['--over', 'classes=1', '--over', 'classes=2']],
    ['E1405', ['--over', 'batch=0']],
    ['E1406', ['--over', 'classes=1,2', '--objectives', 'beauty,macs']],
    ['E1410', ['--over', 'classes=0,-1']],
    ['E0417', ['--over', 'clases=1,2']],
    ['E0521', ['--over', 'se.reduction=1,2']],
    ['E1004', ['--over', 'classes=1,2', '--device', 'abacus']],
    ['E0907', ['--over', 'classes=1,2', '-o', 'missing/points.csv']],
  ])('%s', async (code, args) => {
    const cwd = workFolder({ 'tiny.arch': TINY })
    const { status, stderr } = await archc(['sweep', 'tiny.arch', ...args], { cwd })
    expect(stderr).toContain(code)
    expect(status).toBe(1)
    expect(readdirSync(cwd)).toEqual(['tiny.arch'])
  })

  test('of the spec itself are told at once, where they stand', async () => {
    const cwd = workFolder({ 'tiny.arch': TINY.replace('relu', 'rleu') })
    const { status, stderr } = await archc(['sweep', 'tiny.arch', '--over', 'classes=1..1000'], { cwd })
    expect(status).toBe(1)
    expect(stderr).toContain('did you mean `relu`')
  })

  test.each([
    [['sweep', 'resnet18']],
    [['sweep', 'resnet18', '--over', 'width=8', '--resume']],
    [['sweep', 'resnet18', '--over', 'width=8', '-o', 'x', '--resume', '--restart']],
    [['sweep', 'resnet18', '--over', 'width=8', '--workers', '0']],
    [['sweep', 'resnet18', '--over', 'width=8', '--sample', '0']],
  ])('of usage: archc %j', async (args) => {
    const { status, stdout } = await archc(args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  })
})
