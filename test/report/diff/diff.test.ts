import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../../src/analysis/analysis.ts'
import { diff } from '../../../src/analysis/diff/diff.ts'
import { diffJson, diffMarkdown, diffText } from '../../../src/report/diff.ts'
import { sampleAnalysis } from '../../support/analysis-sample.ts'

const sample = sampleAnalysis()

/** Without the squeeze-and-excitation of some stages, and without the last block of stage 3. */
const lighter: Analysis = keeping(
  ({ path }) => !/^stage[23]\.\d+\.se\./.test(path) && !path.startsWith('stage3.5.'),
)

function keeping(isKept: (layer: Analysis['layers'][number]) => boolean): Analysis {
  const layers = sample.layers.filter(isKept)
  const stages = sample.stages.map((stage) => {
    const own = layers.filter(({ part }) => part === stage.name)
    const sum = (of: (layer: (typeof own)[number]) => number) =>
      own.reduce((total, one) => total + of(one), 0)
    return {
      ...stage,
      parameters: sum(({ parameters }) => parameters),
      macs: sum(({ macs }) => macs),
      arithmetic: sum(({ arithmetic }) => arithmetic),
      bytes: sum(({ bytes }) => bytes),
      kernels: sum(({ kernels }) => kernels),
      time: { ...stage.time!, seconds: sum(({ time }) => time!.seconds) },
    }
  })
  const whole = (of: (stage: (typeof stages)[number]) => number) =>
    stages.reduce((total, one) => total + of(one), 0)
  const seconds = whole(({ time }) => time.seconds)
  return {
    ...sample,
    stages,
    layers,
    parameters: whole(({ parameters }) => parameters),
    macs: whole(({ macs }) => macs),
    bytes: whole(({ bytes }) => bytes),
    kernels: whole(({ kernels }) => kernels),
    time: { ...sample.time!, seconds },
    throughput: { ...sample.throughput!, seconds, images_per_second: sample.run.batch / seconds },
  }
}

const difference = diff(sample, lighter, { before: 'full', after: 'light' })

describe('diffText', () => {
  const text = diffText(difference)
  const lines = text.split('\n')
  const line = (start: string): string => lines.find((one) => one.startsWith(start)) ?? expect.fail(text)

  it('tells both totals and what changed', () => {
    const { parameters } = difference.total
    expect(line('parameters')).toContain(`-${Math.abs(parameters.percent!).toFixed(1)}%`)
    expect(line('images a second')).toMatch(/\+\d+\.\d%$/)
    for (const title of ['MACs', 'bytes', 'kernels', 'time a step', 'peak memory']) line(title)
  })

  it('marks parts and blocks, and tells equal changes of neighbours once', () => {
    expect(line('  stem')).toMatch(/^ {2}stem( +-)+$/)
    line('~ stage2 ')
    line('~   stage2.1 to 3, each of 3 ')
    line('~   stage3.1 to 4, each of 4 ')
    line('-   stage3.5 ')
    expect(lines.filter((one) => one.includes('stage1'))).toHaveLength(1)
  })

  it('lists the layers of the first of equal blocks where it is asked to', () => {
    const layers = diffText(difference, { layers: true })
    expect(layers).toMatch(/^- {5}se\.reduce: linear /m)
    expect(text).not.toContain('se.reduce')
  })

  it.each([72, 80, 100])('keeps to %d columns', (width) => {
    const longest = Math.max(
      ...diffText(difference, { width })
        .split('\n')
        .map((one) => one.length),
    )
    expect(longest).toBeLessThanOrEqual(width)
  })

  it('colours lines only where it is asked to, and lets no name act on the terminal', () => {
    expect(diffText(difference, { color: true })).toContain('\u001b[31m-   stage3.5\u001b[0m')
    const odd = diff(sample, lighter, { before: '\u001b[31m' })
    expect(diffText(odd)).not.toContain('\u001b')
  })

  it('of networks that are the same has nothing but dashes', () => {
    const same = diffText(diff(sample, sample))
    expect(same).not.toMatch(/[+~]\d|%\d/)
    expect(same).toMatch(/^parameters .* - +-$/m)
  })
})

describe('diffMarkdown', () => {
  it('folds the blocks away', () => {
    const text = diffMarkdown(difference)
    expect(text).toMatch(/^### full -&#62; light$/m)
    expect(text).toMatch(/<details>[\s\S]*stage3\.5[\s\S]*<\/details>/)
    const rows = text.split('\n').filter((one) => one.startsWith('|'))
    for (const row of rows) expect(row.endsWith('|')).toBe(true)
  })

  it('has nothing to fold where nothing changed', () => {
    expect(diffMarkdown(diff(sample, sample))).not.toContain('<details>')
  })
})

describe('diffJson', () => {
  const url = new URL('../../../specs/schemas/diff.schema.json', import.meta.url)
  const schema = JSON.parse(readFileSync(url, 'utf8')) as object
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema)

  it.each([
    ['of two networks', difference],
    ['without a device', diff(sampleAnalysis({ device: false }), sampleAnalysis({ device: false }))],
    ['of networks with nothing in common', diff(sample, { ...sample, stages: [], layers: [] })],
  ])('%s is what the schema states', (_, value) => {
    const json: unknown = JSON.parse(JSON.stringify(diffJson(value)))
    expect(validate(json), JSON.stringify(validate.errors)).toBe(true)
  })
})
