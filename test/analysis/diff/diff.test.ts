import { describe, expect, test } from 'vitest'
import { analyze, type AnalysisRequest } from '../../../src/analysis/analyze.ts'
import type { Analysis } from '../../../src/analysis/analysis.ts'
import { diff } from '../../../src/analysis/diff/diff.ts'
import { elaborate } from '../../../src/elaborate/elaborate.ts'
import { loadProgram } from '../../../src/project/load.ts'
import { sampleAnalysis } from '../../support/analysis-sample.ts'
import { hostOf } from '../../support/host.ts'

const spec = (stages: string) => `block unit(width: int, stride: int = 1) {
  return x -> conv(width, 3, stride) -> batch_norm -> relu -> slot attention
}
import { se } from "std/attention"
network net(width: int = 16) {
  input 3 x 32 x 32
  stem = conv(width, 3) -> batch_norm -> relu
  ${stages}
  head = global_avg_pool -> linear(10)
}
`
const analysed = (stages: string, request: AnalysisRequest = {}): Analysis => {
  const text = spec(stages).split('\n')
  const [imported = ''] = text.splice(3, 1)
  const program = loadProgram('net.arch', hostOf({ 'net.arch': [imported, ...text].join('\n') }))
  const { graph, diagnostics } = elaborate(program)
  return analyze(graph ?? expect.fail(JSON.stringify(diagnostics)), request)
}

const two = analysed('stage a = unit(width) x 2\n stage b = unit(2 * width) x 2 stride 2')

test('a network and itself', () => {
  const { parts, total } = diff(two, two)
  expect(parts.map(({ change, same_blocks: same, blocks }) => [change, same, blocks.length])).toEqual([
    ['same', 3, 0],
    ['same', 2, 0],
    ['same', 2, 0],
    ['same', 2, 0],
  ])
  expect(Object.values(total).map(({ delta }) => delta)).toEqual([0, 0, 0, 0, 0, 0])
})

test('one more block: 16 * 16 * 9 weights and 2 * 16 of the norm', () => {
  const { total, parts } = diff(
    two,
    analysed('stage a = unit(width) x 3\n stage b = unit(2 * width) x 2 stride 2'),
  )
  expect(total.parameters.delta).toBe(2304 + 32)
  // Each of 32 * 32 positions and 16 channels takes 16 * 9.
  expect(total.macs.delta).toBe(32 * 32 * 16 * 144)
  expect(parts.map(({ change }) => change)).toEqual(['same', 'changed', 'same', 'same'])
  expect(parts[1]!.blocks).toMatchObject([
    {
      path: { after: 'a.2' },
      change: 'added',
      figures: { parameters: { before: 0, after: 2336, delta: 2336 } },
      layers: [{ change: 'added', op: { after: 'conv' } }, {}, {}],
    },
  ])
  expect(parts[1]!.blocks[0]!.figures.parameters).not.toHaveProperty('percent')
})

test('a block taken away, with the percentage of what there was', () => {
  const { parts } = diff(two, analysed('stage a = unit(width) x 2\n stage b = unit(2 * width) x 1 stride 2'))
  const { figures, blocks } = parts[2]!
  expect(blocks).toMatchObject([{ path: { before: 'b.1' }, change: 'removed' }])
  // 32 * 16 * 9 + 64 remain of that and 32 * 32 * 9 + 64.
  expect(figures.parameters).toEqual({
    before: 13952,
    after: 4672,
    delta: -9280,
    percent: expect.closeTo((-100 * 9280) / 13952) as number,
  })
})

test('a module put into a slot shows as layers of its blocks', () => {
  const attended = analysed(
    'stage a = unit(width) x 2 with se(reduction: 4) at attention\n stage b = unit(2 * width) x 2 stride 2',
  )
  const [, a] = diff(two, attended).parts
  expect(a).toMatchObject({ same_blocks: 0, blocks: [{ same_layers: 3 }, { same_layers: 3 }] })
  const paths = a!.blocks[0]!.layers.map(({ path, change }) => `${change} ${path.after!}`)
  expect(paths[0]).toMatch(/^added a\.0\.attention\./)
  expect(paths).toContain('added a.0.attention.reduce')
})

describe('renamed stages', () => {
  test('are paired by their order among those without a namesake', () => {
    const renamed = analysed('stage a = unit(width) x 2\n stage c = unit(2 * width) x 2 stride 2')
    const { parts } = diff(two, renamed)
    expect(parts.map(({ name }) => name)).toEqual([
      { before: 'stem', after: 'stem' },
      { before: 'a', after: 'a' },
      { before: 'b', after: 'c' },
      { before: 'head', after: 'head' },
    ])
    expect(parts[2]!.change).toBe('same')
  })

  test('those left over are added', () => {
    const more = analysed('stage p = unit(width)\n stage q = unit(width)\n stage r = unit(width)')
    const { parts } = diff(two, more)
    expect(parts.map(({ name, change }) => [name.before, name.after, change])).toEqual([
      ['stem', 'stem', 'same'],
      ['a', 'p', 'changed'],
      ['b', 'q', 'changed'],
      [undefined, 'r', 'added'],
      ['head', 'head', 'changed'],
    ])
  })
})

test('operators outside of parts are compared, even beside a stage called `other`', () => {
  const { parts } = diff(
    two,
    analysed('stage other = unit(width)\n y = x -> conv(8, 1)\n stage more = y -> relu'),
  )
  expect(parts.map(({ name, kind, change }) => [name.before, name.after, kind, change])).toContainEqual([
    undefined,
    'other',
    'other',
    'added',
  ])
})

test('times and peaks are those of the analyses', () => {
  const sample = sampleAnalysis()
  const { total, parts } = diff(sample, sampleAnalysis({ mode: 'training' }))
  expect(total.seconds).toMatchObject({ before: sample.throughput!.seconds, delta: 0 })
  expect(total.peak_memory.before).toBe(sample.memory.peak)
  // The peak alone is no change of a part.
  expect(parts.every(({ change }) => change === 'same')).toBe(true)
  expect(Math.max(...parts.map(({ figures }) => figures.peak_memory.before))).toBe(sample.memory.peak)
})

test('40,000 layers: time grows with them, not with their square', () => {
  const { layers, ...rest } = sampleAnalysis()
  const many = (prefix: string): Analysis => ({
    ...rest,
    layers: Array.from({ length: 40_000 }, (_, i) => ({
      ...layers[i % layers.length]!,
      path: `stage1.${prefix}${i >> 2}.op${i}`,
      part: 'stage1',
    })),
  })
  const { parts } = diff(many('a'), many('b'))
  expect(parts.find(({ name }) => name.after === 'stage1')!.blocks).toHaveLength(20_000)
})
