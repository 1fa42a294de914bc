import type { ChartDataset, Chart } from 'chart.js'
import type { TimedLayer } from '../analysis-page.ts'
import {
  type Point,
  pointStyleOf,
  radiusOf,
  ceilingsOf,
  frameOf,
  type Ceiling,
  labels,
  type ChartLabel,
  logAxis,
  extremes,
  type AxisRange,
} from './chart-parts.ts'
import { allKinds, faded, type LayerKind, type Palette } from './theme.ts'
import type { Throughput } from '../../../analysis/analysis.ts'
import { intensity, prefixed } from '../quantities.ts'
import { draw } from './charts.ts'
import { layerHint, hover } from './tooltip.ts'

/** Points of one kind, the largest first, so that none is hidden. */
interface KindOfPoints {
  readonly kind: LayerKind
  readonly layers: readonly TimedLayer[]
}

export function byKind(layers: readonly TimedLayer[]): KindOfPoints[] {
  const groups = new Map<LayerKind, TimedLayer[]>()
  for (const timed of layers) {
    const group = groups.get(timed.layer.kind) ?? []
    groups.set(timed.layer.kind, group)
    group.push(timed)
  }
  return allKinds.flatMap((kind) => {
    const group = groups.get(kind)
    return group === undefined ? [] : [{ kind, layers: group.sort((a, b) => b.share - a.share) }]
  })
}

/** Square pixels that a layer would take whose time is that of the whole network. */
const WHOLE_AREA = 12_000

/** The points of each kind, their area their share of time. */
const pointSets = (
  kinds: readonly KindOfPoints[],
  at: (layer: TimedLayer) => Point,
  palette: Palette,
): ChartDataset<'scatter'>[] =>
  kinds.map(({ kind, layers }) => {
    const radius = layers.map(({ share }) => radiusOf(kind, share, WHOLE_AREA))
    return {
      label: kind,
      data: layers.map(at),
      pointStyle: pointStyleOf(kind),
      pointRadius: radius,
      pointHoverRadius: radius,
      pointHitRadius: 4,
      backgroundColor: faded(palette.kind(kind), 0.35),
      borderColor: palette.kind(kind),
      borderWidth: 1.25,
    }
  })

/** A line that is no layer: it cannot be hovered over, and lies below the points. */
export const guide = (
  line: readonly Point[],
  colour: string,
  dash: number[] = [],
): ChartDataset<'scatter'> => ({
  data: [...line],
  showLine: true,
  pointRadius: 0,
  pointHitRadius: 0,
  borderColor: colour,
  borderWidth: 1.5,
  borderDash: dash,
  order: 1,
})

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
        x: logAxis(frame.x, 'Intensity, FLOP per byte', (value) => prefixed(value, ''), palette),
        y: logAxis(frame.y, 'Achieved, FLOP/s', (value) => prefixed(value, ''), palette),
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
const ABOVE = 7

const names = { matrix: 'matrix unit', vector: 'vector unit', memory: 'memory' } as const

/** Flat roofs are named at their right end, the slope along its middle. */
function nameOf({ unit, peak, line }: Ceiling, chart: Chart, { ink }: Palette): ChartLabel {
  const [start, end] = pixels(line, chart)
  const amount = prefixed(peak, unit === 'memory' ? 'B/s' : 'FLOP/s')
  const text = `${names[unit]} ${amount}`
  if (unit !== 'memory') return { text, x: end.x - 2, y: end.y - ABOVE, align: 'right', colour: ink }
  const turned = Math.atan2(end.y - start.y, end.x - start.x)
  const at = (a: number, b: number): number => a + (b - a) * 0.5
  return { text, x: at(start.x, end.x), y: at(start.y, end.y) - 3, align: 'center', colour: ink, turned }
}

function ridgeName(ridge: number, chart: Chart, { muted }: Palette): ChartLabel {
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

const moverOf = ({ bytes: x, bytesPerSecond: y }: TimedLayer): Point => ({ x, y })

/** Bytes a second over bytes moved: small layers fall short of the memory's bandwidth, as launches take their time. */
export function drawMovers(
  layers: readonly TimedLayer[],
  { peaks: { bandwidth } }: Throughput,
  palette: Palette,
): Chart | undefined {
  const x = widened(extremes(layers.map((timed) => timed.bytes)))
  const y = widened(extremes([...layers.map((timed) => timed.bytesPerSecond), bandwidth, bandwidth / 10]))
  const kinds = byKind(layers)
  const roof = [x.from, x.to].map((at) => ({ x: at, y: bandwidth }))
  return draw<'scatter'>('movers-chart', {
    type: 'scatter',
    data: { datasets: [...pointSets(kinds, moverOf, palette), guide(roof, palette.ink)] },
    options: {
      interaction: { mode: 'point', intersect: true },
      layout: { padding: { top: 4, right: 8 } },
      scales: {
        x: logAxis(x, 'Moved in a step, B', (value) => prefixed(value, ''), palette),
        y: logAxis(y, 'Achieved, B/s', (value) => prefixed(value, ''), palette),
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
        {
          text: `memory ${prefixed(bandwidth, 'B/s')}`,
          x: chart.chartArea.right - 2,
          y: (chart.scales['y']?.getPixelForValue(bandwidth) ?? 0) - ABOVE,
          align: 'right',
          colour: palette.ink,
        },
      ]),
    ],
  })
}

const widened = ({ from, to }: AxisRange): AxisRange => ({ from: from / 2.5, to: to * 2.5 })
