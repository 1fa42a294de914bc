import { type Point, extremes, type AxisRange, logAxis } from './chart-parts.ts'
import type { SweepData, SweepPoint } from '../sweep-page.ts'
import { element } from './dom.ts'
import type { ChartDataset } from 'chart.js'
import { namedValue, withoutZeros, type NamedValue } from '../quantities.ts'
import { axisTitle, draw } from './charts.ts'
import { shortened, hover, type Hint } from './tooltip.ts'
import { guide } from './roofline.ts'
import { faded, type Palette } from './theme.ts'

export type Better = 'less' | 'more'

/**
 * The points that no other beats in both values, from left to right; where several are equal, one of them. Sorting makes
 * it n log n.
 */
export function frontOf(points: readonly Point[], x: Better, y: Better): Point[] {
  const signX = x === 'less' ? 1 : -1
  const signY = y === 'less' ? 1 : -1
  const sorted = [...points].sort((a, b) => signX * (a.x - b.x) || signY * (a.y - b.y))
  const front: Point[] = []
  let best = Infinity
  for (const point of sorted) {
    if (signY * point.y >= best) continue
    best = signY * point.y
    front.push(point)
  }
  return signX === 1 ? front : front.reverse()
}

interface AxisChoice {
  /** A key of the points' values. */
  readonly key: string
  readonly better: Better
}

/** Two selects for an axis: what it shows, and which way is better. */
export function axisControls(
  name: 'Horizontal' | 'Vertical',
  data: SweepData,
  start: string,
  changed: () => void,
): { readonly controls: HTMLElement; readonly choice: () => AxisChoice } {
  const keys = select(
    `${name} axis`,
    valueKeys(data).map((key) => [key, namedValue(key).title]),
    start,
  )
  const better = select(
    `Better on the ${name.toLowerCase()} axis`,
    [
      ['less', 'less is better'],
      ['more', 'more is better'],
    ],
    betterOf(data, start),
  )
  keys.addEventListener('change', () => {
    better.value = betterOf(data, keys.value)
    changed()
  })
  better.addEventListener('change', changed)
  return {
    controls: element('div', 'axis', element('span', '', name), keys, better),
    choice: () => ({ key: keys.value, better: better.value === 'more' ? 'more' : 'less' }),
  }
}

const betterOf = ({ maximise = [] }: SweepData, key: string): Better =>
  maximise.includes(key) ? 'more' : 'less'

/** All that points have, the objectives first. */
export function valueKeys({ objectives, points }: SweepData): string[] {
  const keys = new Set(objectives)
  for (const { values } of points) for (const key of Object.keys(values)) keys.add(key)
  return [...keys]
}

function select(
  label: string,
  entries: readonly (readonly [value: string, text: string])[],
  start: string,
): HTMLSelectElement {
  const made = element('select', '')
  made.setAttribute('aria-label', label)
  for (const [value, text] of entries) {
    const option = element('option', '', text)
    option.value = value
    made.append(option)
  }
  made.value = start
  return made
}

/** Where the largest value is this many times the smallest, an axis is logarithmic. */
const LOGARITHMIC_FROM = 30

/** The designs by two of their values, and the line of those that no other beats in both. */
export function drawPareto(data: SweepData, x: AxisChoice, y: AxisChoice, palette: Palette): void {
  const sets = [data.points.filter(({ pareto }) => pareto), data.points.filter(({ pareto }) => !pareto)].map(
    (points) => points.filter(({ values }) => isFinite(values[x.key]) && isFinite(values[y.key])),
  )
  const at = ({ values }: SweepPoint): Point => ({ x: values[x.key] ?? 0, y: values[y.key] ?? 0 })
  const all = sets.flat().map(at)
  draw<'scatter'>('pareto-chart', {
    type: 'scatter',
    data: {
      datasets: [
        {
          data: sets[0]?.map(at) ?? [],
          pointRadius: 5,
          pointHoverRadius: 6,
          backgroundColor: palette.accent,
          borderColor: palette.surface,
        },
        {
          data: sets[1]?.map(at) ?? [],
          pointRadius: 4,
          pointHoverRadius: 5,
          backgroundColor: faded(palette.muted, 0.15),
          borderColor: faded(palette.muted, 0.7),
          order: 1,
        },
        frontLine(frontOf(all, x.better, y.better), x.better, palette),
      ],
    },
    options: {
      interaction: { mode: 'point', intersect: true },
      layout: { padding: { top: 8, right: 12 } },
      scales: {
        x: axis(
          x,
          all.map((point) => point.x),
          palette,
        ),
        y: axis(
          y,
          all.map((point) => point.y),
          palette,
        ),
      },
      plugins: {
        tooltip: hover<'scatter'>((dataset, index) => {
          const point = sets[dataset]?.[index]
          return point === undefined ? undefined : designHint(point, data.objectives)
        }),
      },
    },
  })
}

/**
 * A staircase: between two designs, the better one that is still allowed holds, which is the left one where less is
 * better.
 */
const frontLine = (
  front: readonly Point[],
  better: Better,
  { accent }: Palette,
): ChartDataset<'scatter'> => ({
  ...guide(front, accent),
  stepped: better === 'less' ? 'before' : 'after',
  order: 2,
})

const isFinite = (value: number | undefined): boolean => Number.isFinite(value)

function axis({ key }: AxisChoice, values: readonly number[], palette: Palette) {
  const measure = namedValue(key)
  const range = extremes(values)
  if (range.to / range.from >= LOGARITHMIC_FROM && values.every((value) => value > 0))
    return logAxis({ from: range.from / 1.5, to: range.to * 1.5 }, measure.title, measure.text, palette)
  return linearAxis(range, measure, palette)
}

const linearAxis = (range: AxisRange, measure: NamedValue, palette: Palette) => ({
  type: 'linear' as const,
  grace: '5%' as const,
  beginAtZero: range.from < range.to / 3,
  title: axisTitle(measure.title, palette),
  grid: { color: palette.rule },
  border: { color: palette.rule },
  ticks: {
    color: palette.muted,
    maxRotation: 0,
    callback: (value: number | string) => withoutZeros(measure.text(Number(value))),
  },
})

const designHint = ({ settings, values, pareto }: SweepPoint, objectives: readonly string[]): Hint => ({
  title: settingsText(settings),
  ...(pareto ? { note: 'no other point beats it' } : {}),
  rows: Object.entries(values)
    .sort(([a], [b]) => rank(a, objectives) - rank(b, objectives))
    .slice(0, 12)
    .map(([key, value]) => [shortened(namedValue(key).title), namedValue(key).text(value)]),
})

const rank = (key: string, objectives: readonly string[]): number =>
  objectives.includes(key) ? objectives.indexOf(key) : objectives.length

const settingsText = (settings: SweepPoint['settings']): string =>
  Object.entries(settings)
    .slice(0, 12)
    .map(([name, value]) => `${shortened(name)} = ${shortened(value)}`)
    .join(', ')
