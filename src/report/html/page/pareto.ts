import type { ChartDataset } from 'chart.js'
import { measureOf, type Measure } from '../measures.ts'
import { withoutZeros } from '../quantities.ts'
import type { SweepData, SweepPoint } from '../sweep-data.ts'
import type { AxisChoice } from './axes.ts'
import { extremes, type Point, type Range } from './ceilings.ts'
import { axisTitle, draw } from './charts.ts'
import { shortened } from './hints.ts'
import { guide } from './layer-points.ts'
import { logAxis } from './log-axis.ts'
import { frontOf, type Better } from './pareto-front.ts'
import { faded, type Palette } from './theme.ts'
import { hover, type Hint } from './tooltip.ts'

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
  const measure = measureOf(key)
  const range = extremes(values)
  if (range.to / range.from >= LOGARITHMIC_FROM && values.every((value) => value > 0))
    return logAxis({ from: range.from / 1.5, to: range.to * 1.5 }, measure.title, measure.text, palette)
  return linearAxis(range, measure, palette)
}

const linearAxis = (range: Range, measure: Measure, palette: Palette) => ({
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
    .map(([key, value]) => [shortened(measureOf(key).title), measureOf(key).text(value)]),
})

const rank = (key: string, objectives: readonly string[]): number =>
  objectives.includes(key) ? objectives.indexOf(key) : objectives.length

export const settingsText = (settings: SweepPoint['settings']): string =>
  Object.entries(settings)
    .slice(0, 12)
    .map(([name, value]) => `${shortened(name)} = ${shortened(value)}`)
    .join(', ')
