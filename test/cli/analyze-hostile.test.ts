import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Device } from '../../src/analysis/devices/device.ts'
import { archc, TINY, workFolder } from './support/archc.ts'

const rtx3090 = JSON.parse(readFileSync('specs/devices/rtx3090.json', 'utf8')) as Device
const HEADER = 'network,layout,image_size,batch,images_per_s'

describe('a device without fp32', () => {
  const { fp16 } = rtx3090.rates
  const folder = (): string =>
    workFolder({ 'half.json': JSON.stringify({ ...rtx3090, rates: { fp16 } }), 'tiny.arch': TINY })

  test('is no device for an engine that computes in nothing else', async () => {
    const args = ['analyze', 'tiny.arch', '--device', './half.json', '--engine', 'tfjs-webgl']
    const { status, stderr } = await archc(args, { cwd: folder() })
    expect(status).toBe(1)
    expect(stderr).toContain('E1005')
    expect(stderr).toContain('`fp32`')
  })

  test('does for one that computes in fp16', async () => {
    const { status } = await archc(['analyze', 'tiny.arch', '--device', './half.json'], { cwd: folder() })
    expect(status).toBe(0)
  })
})

test('a type that the engine does not compute in need not be one of the device', async () => {
  const args = ['analyze', 'resnet18', '--device', 'v100', '--engine', 'tfjs-webgl', '--precision', 'bf16']
  const { status, stderr } = await archc(args)
  expect(status).toBe(0)
  expect(stderr).toContain('tfjs-webgl computes in fp32, not bf16')
})

test('a table that says nothing of the networks is told', async () => {
  const cwd = workFolder({ 't.csv': `${HEADER}\nresnet18,nhwc,225,256,1000\n` })
  const { status, stderr } = await archc(['analyze', 'resnet18', 'resnet34', '--measured', 't.csv'], { cwd })
  expect(status).toBe(0)
  expect(stderr).toContain('t.csv has no row of these networks at their size in nhwc')
})

test('networks without MACs are compared by what they have', async () => {
  const views = (name: string, what: string) =>
    `network ${name}() {\n  input 3 x 8 x 8\n  head = ${what}\n}\n`
  const cwd = workFolder({
    'flat.arch': views('flat', 'flatten'),
    'act.arch': views('act', 'relu'),
    't.csv': `${HEADER}\nflat,nhwc,8,256,1e6\nact,nhwc,8,256,5e5\n`,
  })
  const { status, stdout } = await archc(['analyze', 'flat.arch', 'act.arch', '--measured', 't.csv'], { cwd })
  expect(status).toBe(0)
  expect(stdout).toContain('bytes alone, scaled')
  expect(stdout).not.toMatch(/NaN|MACs alone/)
})

test('the name of a file cannot write to the terminal', async () => {
  const { stderr } = await archc(['analyze', 'resnet18', '-o', 'a\x1b[31m\nb.txt'], { cwd: workFolder() })
  expect(stderr).toBe('wrote a␛[31m␊b.txt\n')
})

describe('options that would be passed over', () => {
  test.each([
    [['analyze', 'resnet18', '--convention', 'fvcore', '--max-macs', '1'], '--max-macs'],
    [['analyze', 'resnet18', '--reconcile', '1.8G', '--max-time', '1ms'], '--max-time'],
    [['analyze', 'resnet18', '--convention', 'fvcore', '--reconcile', '1.8G'], '--reconcile'],
    [['analyze', 'resnet18', '--reconcile', '1.8G', '--compare'], '--compare'],
    [['diff', 'resnet18', 'resnet34', '--json', '--markdown'], '--json'],
  ])('%j is wrong usage', async (args, named) => {
    const { status, stdout, stderr } = await archc(args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(named)
    expect(stderr).toContain('cannot be used with')
  })
})

test('budgets of several networks are annotated, each where it is written', async () => {
  const args = ['analyze', 'resnet18', 'vgg16', '--max-macs', '1G', '--format', 'github']
  const { status, stdout } = await archc(args)
  expect(status).toBe(1)
  expect(stdout.match(/^::error file=specs\/networks\/(resnet|vgg)\.arch,line=/gm)).toHaveLength(2)
})

test.each([['--json'], ['--format', 'json'], ['--format=json']])(
  'with %s %s a program finds the reason on stdout',
  async (...form) => {
    const { status, stdout } = await archc(['analyze', 'resnet18', '--set', 'widht=2', ...form])
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ diagnostics: [{ severity: 'error' }] })
  },
)

test.each([
  ['--convention', 'fvcore'],
  ['--reconcile', '1G'],
])('a count beyond the exact ones is none: %s', async (...option) => {
  const spec = 'network wide() {\n  input 16 x 65536 x 65536\n  stage s = conv(16, 3) x 1000\n}\n'
  const cwd = workFolder({ 'wide.arch': spec })
  const { status, stderr } = await archc(['analyze', 'wide.arch', ...option], { cwd })
  expect(status).toBe(1)
  expect(stderr).toContain('E1301')
})
