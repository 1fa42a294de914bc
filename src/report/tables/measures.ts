import type { Analysis, Counts } from '../../analysis/analysis.ts'
import { left, right, type Cell, type Column } from '../table.ts'
import { NOTHING, percent, scaleFor, type Unit } from '../units.ts'

/** A column of numbers that parts and layers have alike. */
export interface Measure {
  readonly column: Column
  readonly cell: (counts: Counts) => Cell
  /** Below the rule. */
  readonly total: Cell
}

/** An amount that adds up over the rows of a table. */
export interface Amount {
  readonly group: string
  readonly unit: Unit
  readonly of: (counts: Counts) => number
}

export const amounts = {
  parameters: { group: 'parameters', unit: '', of: ({ parameters }) => parameters },
  macs: { group: 'MACs', unit: '', of: ({ macs }) => macs },
  bytes: { group: 'bytes', unit: 'B', of: ({ bytes }) => bytes },
  time: { group: 'time', unit: 's', of: ({ time }) => time?.seconds ?? 0 },
} as const satisfies Record<string, Amount>

/** When a column gives way to a narrow terminal, lowest first; absent: never. */
type DropOrder = number | undefined

/** In one unit for all rows: that in which `largest` has that many digits. */
export function amountMeasure(
  whole: Counts,
  amount: Amount,
  { largest, digits, order }: { largest: number; digits: number; order?: DropOrder },
): Measure {
  const { group, unit, of } = amount
  const scale = scaleFor(largest, unit, digits)
  return {
    column: column(scale.unit, order, group),
    cell: (counts) => scale.text(of(counts)),
    total: scale.text(of(whole)),
  }
}

/** A share is set off that is at least this part of the largest in its column. */
const LARGE = 0.5

/** Each row's share of the whole, of a hundred. */
export function shareMeasure(whole: Counts, rows: readonly Counts[], amount: Amount, order: number): Measure {
  const { group, of } = amount
  const largest = largestOf(rows, amount)
  const cell = (counts: Counts): Cell => {
    const part = of(counts)
    if (part === 0) return NOTHING
    const text = percent(part, of(whole))
    return part >= LARGE * largest ? { text, style: 'large' } : text
  }
  return { column: column('%', order, group), cell, total: '' }
}

export const largestOf = (rows: readonly Counts[], { of }: Amount): number =>
  rows.reduce((most, row) => Math.max(most, of(row)), 0)

export function intensityMeasure(whole: Counts, order: number): Measure {
  const cell = ({ intensity }: Counts): string => (intensity === 0 ? NOTHING : intensity.toFixed(1))
  return { column: column('FLOP/B', order), cell, total: cell(whole) }
}

/** What most of the time waits for; only where there are times. */
export function boundMeasure(whole: Analysis, order: number): Measure {
  const cell = ({ time }: Counts): Cell =>
    time === undefined || time.seconds === 0 ? '' : { text: time.bound, style: time.bound }
  return { column: left('bound', { dropOrder: order }), cell, total: cell(whole) }
}

const column = (title: string, dropOrder: DropOrder, group?: string): Column =>
  right(title, {
    ...(group === undefined ? {} : { group }),
    ...(dropOrder === undefined ? {} : { dropOrder }),
  })
