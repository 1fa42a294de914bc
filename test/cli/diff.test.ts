import { expect, test } from 'vitest'
import { archc, TINY, workFolder } from './support/archc.ts'

interface Change {
  readonly before: number
  readonly after: number
  readonly delta: number
}

interface Report {
  readonly before: { readonly label: string; readonly input: readonly number[] }
  readonly after: { readonly label: string; readonly input: readonly number[] }
  readonly total: Readonly<Record<string, Change>>
  readonly parts: readonly { readonly name: { before?: string; after?: string }; readonly change: string }[]
}

const diff = async (...args: readonly string[]): Promise<Report> =>
  JSON.parse((await archc(['diff', ...args, '--json'])).stdout) as Report

test('two networks of the package', async () => {
  const { total, parts } = await diff('resnet34', 'resnet50')
  expect(total['parameters']).toMatchObject({ before: 21_797_672, after: 25_557_032, delta: 3_759_360 })
  expect(total['seconds']!.delta).toBeGreaterThan(0)
  expect(parts.map(({ name }) => name.after)).toEqual([
    'stem',
    'layer1',
    'layer2',
    'layer3',
    'layer4',
    'head',
  ])
})

test('a network with itself changed on one side', async () => {
  const { before, after, total, parts } = await diff('tresnet_m', '--b-without', 'se')
  expect([before.label, after.label]).toEqual(['tresnet_m', 'tresnet_m without se'])
  expect(total['parameters']!.delta).toBeLessThan(0)
  // The last stage has no module to take out.
  expect(parts.find(({ name }) => name.after === 'layer4')!.change).toBe('same')
})

test('options of both sides, and what one side has besides', async () => {
  const cwd = workFolder({ 'two.arch': `${TINY}\nnetwork other = tiny(classes: 7)\n` })
  const args = ['two.arch', '--a-network', 'tiny', '--b-network', 'other', '--input-size', '3x16x16']
  const { stdout } = await archc(['diff', ...args, '--b-input-size', '3x32x32', '--json'], { cwd })
  const { before, after, total } = JSON.parse(stdout) as Report
  expect([before.input, after.input]).toEqual([
    [3, 16, 16],
    [3, 32, 32],
  ])
  // Three more classes: 3 * 4 weights and 3 biases.
  expect(total['parameters']!.delta).toBe(15)
})

test('text and Markdown, with status 0 whether or not anything changed', async () => {
  const [text, markdown, same] = await Promise.all([
    archc(['diff', 'tresnet_m', 'tresnet_l', '--layers', '--device', 'none']),
    archc(['diff', 'tresnet_m', 'tresnet_l', '--markdown']),
    archc(['diff', 'tresnet_m']),
  ])
  expect([text, markdown, same].map(({ status }) => status)).toEqual([0, 0, 0])
  expect(text.stdout).toContain('tresnet_m -> tresnet_l')
  expect(text.stdout).not.toContain('time a step')
  expect(text.stdout).toMatch(/^\+ {3}layer3\.11 to \d+, each of \d+/m)
  expect(markdown.stdout).toContain('<details>')
  expect(same.stdout).not.toMatch(/^[~+-] /m)
})

test('a mistake of one side is told as elsewhere', async () => {
  const { status, stderr } = await archc(['diff', 'resnet50', '--b-set', 'widht=2'])
  expect(status).toBe(1)
  expect(stderr).toContain('widht')
})
