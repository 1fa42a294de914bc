import type { Chart } from 'chart.js'
import type { Throughput } from '../../../analysis/analysis.ts'
import type { TimedLayer } from '../layer-groups.ts'
import { intensity, quantity } from '../quantities.ts'
import { ceilingsOf, frameOf, type Ceiling, type Point } from './ceilings.ts'
import { draw } from './charts.ts'
import { layerHint } from './hints.ts'
import { labels, type Label } from './labels.ts'
import { byKind, guide, pointSets } from './layer-points.ts'
import { logAxis } from './log-axis.ts'
import type { Palette } from './theme.ts'
import { hover } from './tooltip.ts'

const pointOf = ({ intensity: x, flopsPerSecond: y }: TimedLayer): Point => ({ x, y })

/** Achieved FLOP/s over FLOPs a byte, a point for each layer with MACs, under the ceilings of the device. */
export function drawRoofline(
  layers: readonly TimedLayer[],
  throughput: Throughput,
  palette: Palette,
): Chart | undefined {
  const frame = frameOf(layers.map(pointOf), throughput)
  const ceilings = ceilingsOf(throughput, frame)
  const kinds = byKind(layers)
  const { ridge } = throughput
  return draw<'scatter'>('roofline-chart', {
    type: 'scatter',
    data: {
      datasets: [
        ...pointSets(kinds, pointOf, palette),
        ...ceilings.map(({ line }) => guide(line, palette.ink)),
        guide(ridgeLine(ridge, frame.y.from, ceilings), palette.muted, [3, 4]),
      ],
    },
    options: {
      interaction: { mode: 'point', intersect: true },
      layout: { padding: { top: 4, right: 8 } },
      scales: {
        x: logAxis(frame.x, 'Intensity, FLOP per byte', (value) => quantity(value, ''), palette),
        y: logAxis(frame.y, 'Achieved, FLOP/s', (value) => quantity(value, ''), palette),
      },
      plugins: {
        tooltip: hover<'scatter'>((dataset, index) => {
          const timed = kinds[dataset]?.layers[index]
          return timed === undefined ? undefined : layerHint(timed)
        }),
      },
    },
    plugins: [
      labels(palette.surface, (chart) => [
        ...ceilings.map((ceiling) => nameOf(ceiling, chart, palette)),
        ridgeName(ridge, chart, palette),
      ]),
    ],
  })
}

/** From the roof down to the axis. */
function ridgeLine(ridge: number, bottom: number, ceilings: readonly Ceiling[]): Point[] {
  const top = Math.max(...ceilings.map(({ unit, peak }) => (unit === 'memory' ? 0 : peak)), bottom)
  return [
    { x: ridge, y: bottom },
    { x: ridge, y: top },
  ]
}

/** Pixels from a flat roof to its name: the points that touch the roof stay clear of it. */
export const ABOVE = 7

const names = { matrix: 'matrix unit', vector: 'vector unit', memory: 'memory' } as const

/** Flat roofs are named at their right end, the slope along its middle. */
function nameOf({ unit, peak, line }: Ceiling, chart: Chart, { ink }: Palette): Label {
  const [start, end] = pixels(line, chart)
  const amount = quantity(peak, unit === 'memory' ? 'B/s' : 'FLOP/s')
  const text = `${names[unit]} ${amount}`
  if (unit !== 'memory') return { text, x: end.x - 2, y: end.y - ABOVE, align: 'right', colour: ink }
  const turned = Math.atan2(end.y - start.y, end.x - start.x)
  const at = (a: number, b: number): number => a + (b - a) * 0.5
  return { text, x: at(start.x, end.x), y: at(start.y, end.y) - 3, align: 'center', colour: ink, turned }
}

function ridgeName(ridge: number, chart: Chart, { muted }: Palette): Label {
  const [foot] = pixels([{ x: ridge, y: 1 }], chart)
  const text = `ridge ${intensity(ridge)}`
  const fits = chart.chartArea.right - foot.x > 110
  const x = foot.x + (fits ? 5 : -5)
  return { text, x, y: chart.chartArea.bottom - 4, align: fits ? 'left' : 'right', colour: muted }
}

function pixels(line: readonly Point[], { scales }: Chart): [Point, Point] {
  const of = (point: Point | undefined): Point => ({
    x: scales['x']?.getPixelForValue(point?.x ?? 1) ?? 0,
    y: scales['y']?.getPixelForValue(point?.y ?? 1) ?? 0,
  })
  return [of(line[0]), of(line.at(-1))]
}
