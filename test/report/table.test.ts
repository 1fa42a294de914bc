import { describe, expect, it } from 'vitest'
import { painterOf } from '../../src/report/paint.ts'
import { tableText, widthOf, type Table } from '../../src/report/table.ts'

const table: Table = {
  columns: [
    { title: 'part', align: 'left' },
    { title: 'output', align: 'left', dropOrder: 2 },
    { title: 'MB', align: 'right', group: 'bytes' },
    { title: '%', align: 'right', group: 'bytes', dropOrder: 1 },
    { title: 'ms', align: 'right', group: 'time a step' },
  ],
  rows: [
    ['stem', '64x56x56', '4.4', '3.6', { text: '1.84', style: 'large' }],
    ['层', '128x28x28', '121.6', '96.4', '-'],
  ],
  footer: ['total', '', '126.0', '', '1.84'],
}

describe('tableText', () => {
  it('aligns columns, sets groups above them and apart, and takes wide characters for two', () => {
    expect(tableText(table, 80)).toEqual([
      '                         bytes   time a step',
      'part   output         MB     %            ms',
      '--------------------------------------------',
      'stem   64x56x56      4.4   3.6          1.84',
      '层     128x28x28   121.6  96.4             -',
      '--------------------------------------------',
      'total              126.0                1.84',
    ])
  })

  it('drops columns in their order, as few as the width asks for', () => {
    const titles = (width: number): string[] => tableText(table, width)[1]?.split(/ +/) ?? []
    expect(titles(44)).toEqual(['part', 'output', 'MB', '%', 'ms'])
    expect(titles(43)).toEqual(['part', 'output', 'MB', 'ms'])
    expect(titles(37)).toEqual(['part', 'MB', 'ms'])
    expect(titles(1)).toEqual(['part', 'MB', 'ms'])
  })

  it('shortens the first column at its beginning before others go', () => {
    const long = { ...table, rows: [['layer1.0.residual.reduce', '1x1', '1', '2', '3']] }
    const [, titles, , row = ''] = tableText(long, 52)
    expect(titles).toMatch(/output +MB +% +ms$/)
    expect(row).toMatch(/^…[a-z0-9.]*residual\.reduce +1x1/)
    expect(widthOf(row)).toBeLessThanOrEqual(52)
  })

  it('colours text and never space, and nothing else changes', () => {
    const color = tableText(table, 80, painterOf(true)).join('\n')
    const pattern = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')
    expect(color).toContain('         \u001b[1m1.84\u001b[0m')
    expect(color.replaceAll(pattern, '')).toBe(tableText(table, 80).join('\n'))
  })

  it('takes many rows and long names in its stride', () => {
    const rows = Array.from({ length: 130_000 }, () => ['a', 'b', '1', '2', '3'])
    rows.push(['x'.repeat(100_000), 'b', '1', '2', '3'])
    const lines = tableText({ ...table, rows }, 60)
    expect(Math.max(...lines.slice(-3).map(widthOf))).toBeLessThanOrEqual(60)
  })
})
