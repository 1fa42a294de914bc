import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../src/analysis/analysis.ts'
import { analyze } from '../../src/analysis/analyze.ts'
import { widthOf } from '../../src/report/table.ts'
import { analysisText, type AnalysisTextOptions } from '../../src/report/text.ts'
import { smallGraph } from '../ir/graph-fixtures.ts'
import { sampleAnalysis } from '../support/analysis-sample.ts'
import { analysisOf, renamed } from './analyses.ts'

const sample = sampleAnalysis()
const fused = analysisOf('efficientnet_b0', { engine: 'fused' })
const ESC = String.fromCharCode(27)

const longest = (text: string): number => Math.max(...text.split('\n').map(widthOf))

/** The first words of the rows of the table that begins with `title`. */
function rowsOf(text: string, title: string): string[] {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`${title} `)) + 2
  const end = lines.findIndex((line, at) => at > start && line.startsWith('---'))
  return lines.slice(start, end).map((line) => line.split(' ')[0] ?? '')
}

describe('as golden files', () => {
  it.each(['tresnet_m', 'efficientnet_b0'])('%s, eager on an RTX 3090', async (name) => {
    await expect(analysisText(analysisOf(name))).toMatchFileSnapshot(`golden/${name}.txt`)
  })

  const cases: [string, Analysis, AnalysisTextOptions][] = [
    ['small', analyze(smallGraph()), { layers: true }],
    ['sample-60', sample, { layers: true, sort: 'time', width: 60 }],
    ['sample-80', sample, { width: 80 }],
    ['sample-140', sample, { layers: true, width: 140 }],
    ['sample-training', sampleAnalysis({ mode: 'training' }), {}],
    ['sample-no-device', sampleAnalysis({ device: false }), { layers: true, sort: 'bytes' }],
    ['efficientnet_b0-fused', fused, { layers: true }],
  ]
  it.each(cases)('%s', async (name, analysis, options) => {
    await expect(analysisText(analysis, options)).toMatchFileSnapshot(`golden/${name}.txt`)
  })
})

describe('analysisText', () => {
  it.each([60, 80, 100, 140])('keeps within %d columns', (width) => {
    for (const analysis of [sample, fused, sampleAnalysis({ device: false, mode: 'training' })])
      expect(longest(analysisText(analysis, { layers: true, width }))).toBeLessThanOrEqual(width)
  })

  it('leaves nothing out where there is no width, and wraps sentences all the same', () => {
    const text = analysisText(sample, { layers: true, width: Infinity })
    expect(text).toMatch(
      /^layer +operator +output +kind +bias +parameters +M +MB +% +FLOP\/B +us +% +bound$/m,
    )
    const tables = new Set(text.split('\n\n').slice(-3, -1).join('\n').split('\n'))
    const others = text.split('\n').filter((line) => !tables.has(line))
    expect(longest(others.join('\n'))).toBeLessThanOrEqual(100)
  })

  it('gives MACs exactly, tells FLOPs apart from them, and both from other operations', () => {
    const text = analysisText(analyze(smallGraph()))
    expect(text).toMatch(/^ {2}MACs +53\.84 k +53,840 multiply-accumulates; fixed filters: 3\.456 k$/m)
    // (53,840 + 3,456) x 2
    expect(text).toMatch(/^ {2}FLOPs +114\.6 k +two a MAC, fixed filters included$/m)
    expect(text).toMatch(/^ {2}other ops /m)
  })

  it('says why: what most of the time waits for, and from where on the device would rather compute', () => {
    const time = {
      ...sample.time!,
      seconds: 0.01,
      memory: 0.0071,
      compute: 0.0029,
      launch: 0,
      bound: 'memory',
    }
    const text = analysisText({ ...sample, time, intensity: 43 } as Analysis)
    expect(text).toMatch(/^ {2}memory-bound +71\.0 % +of the time limited by bytes; arithmetic 29\.0 %$/m)
    expect(text).toMatch(
      /^ {2}ridge +100\.0 FLOP\/B +from which on arithmetic limits; this network has 43\.00$/m,
    )
  })

  it.each([
    ['memory', 200, 'this network has 200.0, yet kernels with less take most of its time'],
    ['compute', 20, 'this network has 20.00, yet arithmetic below its peak takes most of the time'],
    ['launch', 20, 'a larger batch gives kernels more to do'],
  ] as const)('explains what is bound by %s at %d FLOPs a byte', (bound, intensity, why) => {
    const time = { ...sample.time!, bound }
    const text = analysisText({ ...sample, time, intensity }).replaceAll(/\s+/g, ' ')
    expect(text).toContain(why)
  })

  it('states the error of the model beside the speed, and where none is known, that', () => {
    const stated = /^ {2}speed .*\n {2}error +±8\.0 % +median; more than 21\.0 % for one in ten/m
    expect(analysisText(sample)).toMatch(stated)
    const { error, ...throughput } = sample.throughput!
    expect(error).toBeDefined()
    expect(analysisText({ ...sample, throughput })).toMatch(/^ {2}error +- +unknown: never compared/m)
  })

  it('has no times where no device was asked for', () => {
    const text = analysisText(sampleAnalysis({ device: false }), { layers: true })
    expect(text).not.toMatch(/\btime\b|\bms\b|bound|img\/s|ridge|largest batch/)
  })

  it.each([
    [2048, 64, 'that fits into 14.9 GiB (477 MiB of it reserved)'],
    [32, 64, 'the batch of 64 does not fit into'],
    [0, 64, 'not one image fits into'],
    [Number.MAX_SAFE_INTEGER, 64, 'any number of images fits into'],
  ])('says of a largest batch of %d at batch %d: %s', (largest_batch, batch, note) => {
    const memory = { ...sample.memory, device: { bytes: 16e9, reserved: 0.5e9, largest_batch } }
    const text = analysisText({ ...sample, memory, run: { ...sample.run, batch } })
    expect(text).toContain(note)
    expect(text).not.toContain('9,007,199')
  })

  it.each([
    ['time', ({ time }: Analysis['layers'][number]) => time?.seconds ?? 0],
    ['bytes', ({ bytes }: Analysis['layers'][number]) => bytes],
    ['macs', ({ macs }: Analysis['layers'][number]) => macs],
  ] as const)('sorts layers and parts by %s, largest first', (sort, of) => {
    const text = analysisText(sample, { layers: true, sort, width: 200 })
    const largest = (rows: Analysis['layers']): string[] =>
      [...rows].sort((a, b) => of(b) - of(a)).map(({ path }) => path)
    expect(rowsOf(text, 'layer')).toEqual(largest(sample.layers))
    const stages = sample.stages.map((stage) => ({
      ...sample.layers[0]!,
      ...stage,
      kind: 'dense' as const,
      path: stage.name,
    }))
    expect(rowsOf(text, 'part')).toEqual(largest(stages))
  })

  it('keeps the order of execution where nothing else is asked for, or no time is known', () => {
    const bare = sampleAnalysis({ device: false })
    const paths = bare.layers.map(({ path }) => path)
    expect(rowsOf(analysisText(bare, { layers: true, width: 200 }), 'layer')).toEqual(paths)
    const sorted = analysisText(bare, { layers: true, width: 200, sort: 'time' })
    expect(rowsOf(sorted, 'layer')).toEqual(paths)
  })

  it('says in whose kernel a fused layer is done', () => {
    const text = analysisText(fused, { layers: true })
    expect(text).toMatch(/^stem\.silu1 +.*in conv1 /m)
    expect(text).toMatch(/^…?\S*spatial\.global_avg_pool1 +.*in depthwise /m)
    expect(text.replaceAll(/\s+/g, ' ')).toContain('in x: done in the kernel of x.')
  })

  it('says how partial convolutions and batch norms run only where there are some', () => {
    const withOps = (op: string): Analysis => ({
      ...sample,
      run: { ...sample.run, abn: 'inplace', partialConv: 'split_cat' },
      layers: [{ ...sample.layers[0]!, op }],
    })
    const first = (op: string): string => analysisText(withOps(op), { width: 300 }).split('\n\n')[0] ?? ''
    expect(first('abn').replace('\n', ' ')).toContain('batch norm in place')
    expect(first('partial_conv').replace('\n', ' ')).toContain('partial convolutions by split and cat')
    expect(first('conv')).not.toMatch(/partial|batch norm/)
  })

  it('colours on demand only, and says nothing by colour alone', () => {
    const plain = analysisText(sample, { layers: true })
    const color = analysisText(sample, { layers: true, color: true })
    expect(plain).not.toContain(ESC)
    expect(color).toContain(`${ESC}[33mmemory${ESC}[0m`)
    expect(color.replaceAll(new RegExp(`${ESC}\\[[0-9;]*m`, 'g'), '')).toBe(plain)
  })

  it('lets no control character of a name through', () => {
    const text = analysisText(renamed(sample, `a${ESC}[31m\r\n\u202Eb`), { layers: true, width: 200 })
    expect(text).toContain('a␛[31m␍␊')
    expect(text).not.toMatch(/[\r\u001b\u202E]/)
  })

  it('stays readable with names of absurd length', () => {
    const text = analysisText(renamed(sample, 'n'.repeat(5000)), { layers: true, width: 80 })
    expect(text.length).toBeLessThan(60_000)
  })
})
