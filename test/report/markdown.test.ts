import { describe, expect, it } from 'vitest'
import { analysisMarkdown } from '../../src/report/markdown.ts'
import { analysisText } from '../../src/report/text.ts'
import { sampleAnalysis } from '../support/analysis-sample.ts'
import { renamed } from './analyses.ts'

const sample = sampleAnalysis()

/** The tables of a page, cell by cell, as GitHub splits them. */
function tablesOf(markdown: string): string[][][] {
  const blocks = markdown.split('\n\n').filter((block) => block.startsWith('|'))
  return blocks.map((block) =>
    block
      .trimEnd()
      .split('\n')
      .map((line) =>
        line
          .replace(/^\| |\|$/g, '')
          .split('|')
          .map((cell) => cell.trim()),
      ),
  )
}

const decoded = (text: string): string =>
  text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))

describe('analysisMarkdown', () => {
  it('has tables whose rows have as many cells as their heads, and columns aligned as in the text', () => {
    const tables = tablesOf(analysisMarkdown(sample))
    expect(tables).toHaveLength(4)
    for (const table of tables)
      expect(new Set(table.map((row) => row.length)).size, JSON.stringify(table[0])).toBe(1)
    const [head = [], alignment = []] = tables.at(-1)!
    expect(head).toEqual([
      ...['part', 'output', 'parameters, M', 'parameters, %', 'MACs, G', 'MACs, %', 'bytes, MB', 'bytes, %'],
      ...['FLOP/B', 'time, ms', 'time, %', 'bound'],
    ])
    expect(alignment.map((cell) => cell.endsWith(':'))).toEqual(
      head.map((title) => !['part', 'output', 'bound'].includes(title)),
    )
  })

  it('says what the text says', () => {
    const rows = tablesOf(analysisMarkdown(sample)).flat(1)
    const cells = new Set(rows.flat().map((cell) => decoded(cell).replaceAll('**', '')))
    const text = analysisText(sample, { width: 1000 })
    const [, ...lines] = text.slice(text.indexOf('\npart ') + 1).split('\n')
    const words = lines.slice(1, sample.stages.length + 1).flatMap((line) => line.split(/ +/))
    expect(words.filter((word) => !cells.has(word))).toEqual([])
    expect([...cells]).toEqual(expect.arrayContaining(['compute-bound', 'peak', 'total']))
  })

  it('has no times where no device was asked for', () => {
    expect(analysisMarkdown(sampleAnalysis({ device: false }))).not.toMatch(/time|bound/)
  })

  it.each([
    '|a|b|',
    '<img src=x onerror=alert(1)>',
    '`code` ``',
    '**bold** _it_ __b__ ~~s~~',
    '[a](javascript:b) ![c](d)',
    '# title\n\n- item',
    '@someone #1 http://a.b www.a.b',
    '\\| \\\\| $x$ &lt;',
  ])('shows a name %j as it is', (name) => {
    const page = analysisMarkdown(renamed(sample, name))
    for (const table of tablesOf(page)) expect(new Set(table.map((row) => row.length)).size).toBe(1)
    const shown = name.replaceAll('\n', '␊')
    const names = tablesOf(page)
      .at(-1)!
      .slice(2, -1)
      .map(([cell = '']) => cell)
    expect(names.map(decoded)).toEqual(sample.stages.map(() => shown))
    for (const cell of names)
      expect(cell.replaceAll(/&#\d+;/g, '')).not.toMatch(/[<>|`*[\]\\#@~$]|:\/\/|www\./)
    expect(decoded(page.split('\n')[0] ?? '')).toBe(`## ${shown}, 3x224x224`)
  })

  it('leaves ordinary names readable', () => {
    expect(analysisMarkdown(renamed(sample, 'tresnet_m_2.0'))).toContain('| tresnet_m_2.0 |')
  })
})
