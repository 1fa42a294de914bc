import { measureOf, type Measure } from '../analysis/measures.ts'
import { sweepMeasures, type SweepKey } from '../sweep/evaluate.ts'
import { type Sweep, frontPoints } from '../sweep/sweep.ts'
import { field } from './csv.ts'
import type { SweepData, SweepPoint } from './html/sweep-page.ts'
import type { Objective } from '../sweep/pareto.ts'
import { clipMiddle, printable } from '../diagnostics/printable.ts'
import { painterOf, type Painter } from './paint.ts'
import { left, right, tableText, type Column } from './table.ts'
import { exact, measureText, wrapped } from './units.ts'

/**
 * A row a point, in the order of the space: its settings as the command line would take them, what it costs, whether it is
 * one that no other beats (1 or 0), and of a point that is no network the code of the mistake. What is estimated has a
 * column where there is something of it.
 */
export function sweepCsv(sweep: Sweep): string {
  const { space, results, front } = sweep
  const shown = shownMeasures(sweep)
  const keys = sweepMeasures.filter((one) => !one.isEstimate || shown.includes(one)).map(({ key }) => key)
  const header = [...space.axes.map(({ name }) => name), ...keys, 'pareto', 'error']
  const lines = [header.map(field).join(',')]
  for (let point = 0; point < results.known; point++) {
    const mistake = results.mistakeAt(point)
    const settings = space.at(point).map(({ text }) => settingField(text))
    const values = keys.map((key) => field(results.valueAt(point, key) ?? null))
    lines.push(
      [...settings, ...values, mistake === undefined ? Number(front[point]) : '', mistake ?? ''].join(','),
    )
  }
  return `${lines.join('\n')}\n`
}

/** A number is one to whoever reads the table, below zero too. */
const settingField = (text: string): string => (/^-?\d+(\.\d+)?$/.test(text) ? text : field(text))

/** Version of the form of the report. */
const SWEEP_VERSION = 1

interface SweepJson extends SweepData {
  readonly archc_sweep: number
  /** Points that are no networks, with the code of the mistake. */
  readonly mistakes: readonly { readonly settings: SweepPoint['settings']; readonly code: string }[]
}

/** The report for programs: every point. */
export function sweepJson(sweep: Sweep): SweepJson {
  const points = [...sweep.front.keys()]
  return {
    archc_sweep: SWEEP_VERSION,
    ...sweepData(sweep, points),
    mistakes: points.flatMap((point) => {
      const code = sweep.results.mistakeAt(point)
      return code === undefined ? [] : [{ settings: settingsAt(sweep, point), code }]
    }),
  }
}

/** What a page shows of some points; mistakes among them are left out. */
export function sweepData(sweep: Sweep, points: readonly number[]): SweepData {
  const { spec, objectives, results, front } = sweep
  const sound = points.filter((point) => results.mistakeAt(point) === undefined)
  return {
    spec,
    objectives: objectives.map(({ value }) => value),
    maximise: objectives.filter(({ better }) => better === 'more').map(({ value }) => value),
    points: sound.map((point) => ({
      settings: settingsAt(sweep, point),
      values: valuesAt(sweep, point),
      pareto: front[point] ?? false,
    })),
  }
}

const settingsAt = ({ space }: Sweep, point: number): SweepPoint['settings'] =>
  Object.fromEntries(space.at(point).map(({ text }, i) => [space.axes[i]?.name ?? '', text]))

const valuesAt = ({ results }: Sweep, point: number): SweepPoint['values'] =>
  Object.fromEntries(
    sweepMeasures.flatMap(({ key }) => {
      const value = results.valueAt(point, key)
      return value === undefined ? [] : [[key, value]]
    }),
  )

/** Points that a page holds at most; a chart of more is a blot. */
const MOST_SHOWN = 5000

/** All points, or of very many those that no other beats and, evenly spread, some of the rest. */
export function shownPoints({ front }: Sweep): readonly number[] {
  const all = [...front.keys()]
  if (all.length <= MOST_SHOWN) return all
  const stride = Math.ceil(all.length / MOST_SHOWN)
  return all.filter((point) => front[point] === true || point % stride === 0)
}

interface SweepTextOptions {
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
function frontLines(sweep: Sweep, width: number, paint: Painter): string[] {
  const front = frontPoints(sweep)
  if (front.length === 0) return []
  const shown = front.slice(0, MOST_ROWS)
  const measures = shownMeasures(sweep)
  const table = {
    columns: columnsOf(sweep, measures),
    rows: shown.map((point) => rowOf(sweep, point, measures)),
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

const objectivesText = (objectives: readonly Objective[]): string =>
  objectives.map(({ value, better }) => `${measureOf(value).title} (${better} is better)`).join(' and ')

/** What is judged by always stays; of the rest, the last gives way first. */
function columnsOf({ space, objectives }: Sweep, shown: readonly Measure<SweepKey>[]): Column[] {
  const judgedBy = new Set(objectives.map(({ value }) => value))
  const values = shown.map(({ key, title }, i): Column =>
    right(title, judgedBy.has(key) ? {} : { dropOrder: shown.length - i }),
  )
  return [...space.axes.map(({ name }): Column => left(printable(name))), ...values]
}

function rowOf({ space, results }: Sweep, point: number, shown: readonly Measure<SweepKey>[]): string[] {
  const settings = space.at(point).map(({ text }) => clipMiddle(printable(text), LONGEST_SETTING))
  const values = shown.map((measure) => {
    const value = results.valueAt(point, measure.key)
    return value === undefined ? '' : measureText(measure, value)
  })
  return [...settings, ...values]
}

/** The measures that the points have: times only where there are any. */
function shownMeasures({ results, front }: Sweep): readonly Measure<SweepKey>[] {
  const sound = front.indexOf(true)
  return sweepMeasures.filter(({ key }) => results.valueAt(sound, key) !== undefined)
}
