import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analysis/analyze.ts'
import { analysisJson } from '../../src/report/json.ts'
import { analysisText } from '../../src/report/text.ts'
import { exact, human, share } from '../../src/report/units.ts'
import { smallGraph } from '../ir/graph-fixtures.ts'

const analysis = analyze(smallGraph())

const longest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length))

describe('units', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1.000 k'],
    [31_389_032, '31.39 M'],
    [5_734_965_248, '5.735 G'],
    [999_949, '999.9 k'],
    [999_950, '1.000 M'],
    [123_456_789_012, '123.5 G'],
    [2e18, '2000 P'],
  ])('%d is %s', (count, text) => {
    expect(human(count)).toBe(text)
  })

  it('separates thousands and gives shares', () => {
    expect([0, 12, 123, 1234, 31_389_032].map(exact)).toEqual(['0', '12', '123', '1,234', '31,389,032'])
    expect(share(1, 3)).toBe('33.3%')
    expect(share(0, 0)).toBe('')
  })
})

describe('analysisText', () => {
  it('shows totals and a table of the parts', async () => {
    await expect(analysisText(analysis)).toMatchFileSnapshot('golden/stages.txt')
  })

  it('shows every layer on demand', async () => {
    await expect(analysisText(analysis, { layers: true })).toMatchFileSnapshot('golden/layers.txt')
  })

  it('names MACs and never operations of another kind', () => {
    expect(analysisText(analysis)).toContain('MACs')
    expect(analysisText(analysis)).not.toMatch(/flop/i)
  })

  it.each([40, 60, 80])('keeps within %d columns and drops no exact number', (width) => {
    const text = analysisText(analysis, { layers: true, width })
    const tables = text.split('\n\n').slice(1).join('\n')
    expect(longest(tables)).toBeLessThanOrEqual(Math.max(width, 52))
    expect(tables).toContain('41,472')
    expect(tables).toContain('216')
  })

  it('lets no control character of a name through', () => {
    const text = analysisText({ ...analysis, network: '\u001b[31m' })
    expect(text).toContain('␛[31m')
    expect(text).not.toContain('\u001b')
  })
})

describe('analysisJson', () => {
  const url = new URL('../../specs/schemas/analysis.schema.json', import.meta.url)
  const schema = JSON.parse(readFileSync(url, 'utf8')) as object

  it('is what the schema states', () => {
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema)
    expect(validate(analysisJson(analysis)), JSON.stringify(validate.errors)).toBe(true)
    expect(JSON.parse(JSON.stringify(analysisJson(analysis)))).toEqual(analysisJson(analysis))
  })

  it('has what other programs rely on', () => {
    expect(analysisJson(analysis)).toMatchObject({
      network: 'small',
      parameters: 394,
      macs: 53840,
      stages: [{ name: 'stem', output: [8, 16, 12], parameters: 232, macs: 41472 }, {}, {}, {}],
    })
  })
})
