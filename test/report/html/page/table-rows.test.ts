import { describe, expect, it } from 'vitest'
import { arranged, nextOrder, type SortableColumn } from '../../../../src/report/html/page/table.ts'

interface Row {
  readonly name: string
  readonly size: number
}

const rows: Row[] = [
  { name: 'stage10.conv', size: 2 },
  { name: 'stage2.conv', size: 5 },
  { name: 'stage2.relu', size: 2 },
]
const columns: SortableColumn<Row>[] = [
  { title: 'name', value: ({ name }) => name, text: ({ name }) => name },
  { title: 'size', value: ({ size }) => size, text: ({ size }) => String(size) },
]
const names = (column: number, direction: 'ascending' | 'descending', filter = ''): string[] =>
  arranged(rows, columns, { column, direction }, filter).map(({ name }) => name)

describe('arranged', () => {
  it('sorts names by the numbers in them', () => {
    expect(names(0, 'ascending')).toEqual(['stage2.conv', 'stage2.relu', 'stage10.conv'])
  })

  it('sorts numbers, equal ones in their order, either way', () => {
    expect(names(1, 'descending')).toEqual(['stage2.conv', 'stage10.conv', 'stage2.relu'])
    expect(names(1, 'ascending')).toEqual(['stage10.conv', 'stage2.relu', 'stage2.conv'])
  })

  it('keeps the rows that hold all words, in texts and not in numbers', () => {
    expect(names(0, 'ascending', ' CONV stage2 ')).toEqual(['stage2.conv'])
    expect(names(0, 'ascending', '5')).toEqual([])
  })

  it('leaves what it is given as it is', () => {
    names(0, 'ascending')
    expect(rows[0]?.name).toBe('stage10.conv')
  })
})

describe('nextOrder', () => {
  it('begins with the largest number and the first name, and turns at the second press', () => {
    const byName = nextOrder(columns, rows, { column: 1, direction: 'descending' }, 0)
    expect(byName).toEqual({ column: 0, direction: 'ascending' })
    expect(nextOrder(columns, rows, byName, 1)).toEqual({ column: 1, direction: 'descending' })
    expect(nextOrder(columns, rows, byName, 0)).toEqual({ column: 0, direction: 'descending' })
    expect(nextOrder(columns, [], byName, 1)).toEqual({ column: 1, direction: 'ascending' })
  })
})
