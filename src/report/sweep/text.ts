import type { Objective } from '../../analysis/sweep/objectives.ts'
import { valueNames, type ValueName } from '../../analysis/sweep/outcome.ts'
import { frontPoints, type Sweep } from '../../analysis/sweep/sweep.ts'
import { clipMiddle, printable } from '../../diagnostics/printable.ts'
import { painterOf, type Paint } from '../paint.ts'
import { tableText, type Column } from '../table.ts'
import { exact, joined, memoryQuantity, quantity, significant } from '../units.ts'
import { wrapped } from '../wrapped.ts'

export interface SweepTextOptions {
  /** Columns of the terminal; default: as wide as it needs. */
  readonly width?: number
  readonly color?: boolean
}

/** Nobody reads more; the table has all. */
const MOST_ROWS = 40
const LONGEST_SETTING = 32

/** The report for people: how many points there are, and those that no other beats. */
export function sweepText(sweep: Sweep, options: SweepTextOptions = {}): string {
  const width = Math.max(40, options.width ?? Infinity)
  const paint = painterOf(options.color ?? false)
  const lines = [paint('title', printable(sweep.spec)), ...wrapped(countsOf(sweep), width)]
  return `${[...lines, ...frontLines(sweep, width, paint)].join('\n')}\n`
}

/** Nothing where every point is a mistake. */
function frontLines(sweep: Sweep, width: number, paint: Paint): string[] {
  const front = frontPoints(sweep)
  if (front.length === 0) return []
  const shown = front.slice(0, MOST_ROWS)
  const values = shownValues(sweep)
  const table = {
    columns: columnsOf(sweep, values),
    rows: shown.map((point) => rowOf(sweep, point, values)),
  }
  const rest = front.length - shown.length
  const heading = `No other point beats these ${exact(front.length)} in ${objectivesText(sweep.objectives)}:`
  return [
    '',
    ...wrapped(heading, width),
    '',
    ...tableText(table, width, paint),
    ...(rest > 0 ? [`and ${exact(rest)} more`] : []),
  ]
}

/** `48 points of width (16) x se.reduction (3); 2 are no networks (E0301: 2)`. */
function countsOf({ space, results }: Sweep): string {
  const axes = space.axes.map(({ name, values }) => `${name} (${exact(values.length)})`).join(' x ')
  const mistakes = [...results.mistakesByCode].sort(([, a], [, b]) => b - a)
  const failed = mistakes.reduce((sum, [, count]) => sum + count, 0)
  const codes = mistakes.map(([code, count]) => `${code}: ${exact(count)}`).join(', ')
  const are = failed === 1 ? 'is no network' : 'are no networks'
  return `${exact(results.known)} points of ${axes}${failed === 0 ? '' : `; ${exact(failed)} ${are} (${codes})`}`
}

const titles: Readonly<Record<ValueName, string>> = {
  parameters: 'parameters',
  macs: 'MACs',
  bytes: 'bytes',
  kernels: 'kernels',
  seconds: 'time a step',
  images_per_second: 'images/s',
  peak_memory: 'peak memory',
}

const objectivesText = (objectives: readonly Objective[]): string =>
  objectives.map(({ value, better }) => `${titles[value]} (${better} is better)`).join(' and ')

/** What is judged by always stays. */
function columnsOf({ space, objectives }: Sweep, names: readonly ValueName[]): Column[] {
  const judgedBy = new Set(objectives.map(({ value }) => value))
  const values = names.map((name, i): Column => {
    const column = { title: titles[name], align: 'right' } as const
    return judgedBy.has(name) ? column : { ...column, dropOrder: valueNames.length - i }
  })
  return [...space.axes.map(({ name }): Column => ({ title: printable(name), align: 'left' })), ...values]
}

function rowOf({ space, results }: Sweep, point: number, names: readonly ValueName[]): string[] {
  const settings = space.at(point).map(({ text }) => clipMiddle(printable(text), LONGEST_SETTING))
  return [...settings, ...names.map((name) => valueText(name, results.valueAt(point, name)))]
}

/** Times only where there are any. */
const shownValues = ({ results, front }: Sweep): readonly ValueName[] => {
  const [sound] = [...front.keys()].filter((point) => front[point])
  const isTimed = sound !== undefined && results.valueAt(sound, 'seconds') !== undefined
  return valueNames.filter((name) => isTimed || (name !== 'seconds' && name !== 'images_per_second'))
}

function valueText(name: ValueName, value: number | undefined): string {
  if (value === undefined) return ''
  if (name === 'peak_memory') return joined(memoryQuantity(value))
  if (name === 'images_per_second') return significant(value)
  return joined(quantity(value, name === 'bytes' ? 'B' : name === 'seconds' ? 's' : ''))
}
