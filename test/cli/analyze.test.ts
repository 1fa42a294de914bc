import { expect, test } from 'vitest'
import { archc, TINY, workFolder } from './support/archc.ts'

interface Report {
  readonly network: string
  readonly parameters: number
  readonly macs: number
  readonly input: readonly number[]
  readonly stages: readonly { name: string; output: number[]; parameters: number; macs: number }[]
}

const analyze = async (...args: readonly string[]): Promise<Report> =>
  JSON.parse((await archc(['analyze', ...args, '--json'])).stdout) as Report

test('a network of the package, for programs', async () => {
  const report = await analyze('resnet50')
  expect(report).toMatchObject({ network: 'resnet50', parameters: 25_557_032, macs: 4_089_184_256 })
  expect(report.stages).toContainEqual(
    expect.objectContaining({ name: 'layer1', output: [256, 56, 56], parameters: 215_808 }),
  )
})

test('at another size, with other settings', async () => {
  const report = await analyze('resnet18', '--input-size', '3x192x256', '--set', 'classes=10')
  expect(report.input).toEqual([3, 192, 256])
  expect(report.stages.at(-1)?.output).toEqual([10])
})

test('settings are expressions of the language, lists too', async () => {
  const report = await analyze('tresnet', '--set', 'depths=[1, 1, 1, 1]', '--set', 'width=0.5')
  expect(report.stages[0]?.output[0]).toBe(32)
})

test('modules are placed and taken out', async () => {
  const changed = await analyze('tresnet_m', '--without', 'layer3: se', '--with', 'layer3: eca at spatial')
  const own = await analyze('tresnet_m')
  const sizes = ({ stages }: Report) => stages.map(({ name, parameters }) => [name, parameters])
  const differing = sizes(changed).filter((each, at) => each.join() !== sizes(own)[at]?.join())
  expect(differing.map(([name]) => name)).toEqual(['layer3'])
})

test('text, with layers', async () => {
  const cwd = workFolder({ 'tiny.arch': TINY })
  const { stdout } = await archc(['analyze', 'tiny.arch', '--layers'], { cwd })
  for (const word of ['tiny', 'stem', 'head', 'linear1', '112']) expect(stdout).toContain(word)
})

test('a file of several networks wants a name', async () => {
  const cwd = workFolder({ 'two.arch': `${TINY}\nnetwork other = tiny(classes: 7)\n` })
  const { status, stderr } = await archc(['analyze', 'two.arch'], { cwd })
  expect(status).toBe(1)
  expect(stderr).toContain('other')
  const named = await archc(['analyze', 'two.arch', '--network', 'other'], { cwd })
  expect(named.stdout).toContain('other')
})

test('with --json a program finds the reason on stdout, and a person on stderr', async () => {
  const { status, stdout, stderr } = await archc(['analyze', 'resnet18', '--set', 'widht=2', '--json'])
  expect(status).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({ diagnostics: [{ severity: 'error' }] })
  expect(stderr).toContain('widht')
})

test('an input too small for the strides', async () => {
  const { status, stderr } = await archc(['analyze', 'tresnet_m', '--input-size', '3x3x3'])
  expect(status).toBe(1)
  expect(stderr).toContain('error[E')
})
