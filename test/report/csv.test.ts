import { describe, expect, it } from 'vitest'
import { analysisCsv } from '../../src/report/csv.ts'
import { sampleAnalysis } from '../support/analysis-sample.ts'
import { analysisOf, renamed } from './analyses.ts'

/** RFC 4180, with lines that end in a line feed. */
function parse(text: string): string[][] {
  const rows: string[][] = []
  const row: string[] = []
  for (const [, quoted, bare = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))([,\n])/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? bare)
    if (end === '\n') rows.push(row.splice(0))
  }
  expect(row).toEqual([])
  return rows
}

const records = (text: string): Record<string, string>[] => {
  const [names = [], ...rows] = parse(text)
  return rows.map((row) => {
    expect(row).toHaveLength(names.length)
    return Object.fromEntries(names.map((name, index) => [name, row[index]!]))
  })
}

describe('analysisCsv', () => {
  it('has a row a layer with what the JSON report has, under the same names', () => {
    const analysis = analysisOf('efficientnet_b0', { engine: 'fused' })
    const { layers } = analysis
    const rows = records(analysisCsv(analysis))
    expect(rows).toHaveLength(layers.length)
    for (const [index, layer] of layers.entries()) {
      const row = rows[index]!
      const { output, time, called_from, location, ...others } = layer
      expect(row['output']).toBe(output.join('x'))
      for (const [prefix, values] of [
        ['', others],
        ['time.', time!],
        ['called_from.', called_from],
        ['location.', location],
      ] as const)
        for (const [key, value] of Object.entries(values))
          expect(row[`${prefix}${key}`], key).toBe(value === null ? '' : String(value))
    }
    const keys = Object.keys(layers[0]!).length - 4 + 1 + 6 + 2 * 3
    expect(Object.keys(rows[0]!)).toHaveLength(keys)
  })

  it('leaves times out where no device was asked for', () => {
    const [row = {}] = records(analysisCsv(sampleAnalysis({ device: false })))
    expect(Object.keys(row).filter((name) => name.startsWith('time'))).toEqual([])
    expect(row['path']).toBe('stem.conv')
  })

  it.each([
    ['a, "b"', 'a, "b"'],
    ['=1+1', "'=1+1"],
    [' =1+1', "' =1+1"],
    ['+a', "'+a"],
    ['-a', "'-a"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['a=b', 'a=b'],
    ['x\r\ny\u001b', 'x␍␊y␛'],
    ['', ''],
  ])('writes %j so that it reads %j', (name, read) => {
    const text = analysisCsv(renamed(sampleAnalysis(), name))
    expect(text).not.toMatch(/[\r\u001b]/)
    for (const row of records(text))
      expect([row['path'], row['part'], row['fused_into']]).toEqual([read, read, read])
  })
})
