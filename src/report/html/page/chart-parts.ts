import type { Throughput } from '../../../analysis/analysis.ts'
import type { ChartOptions, Chart, Plugin, PointStyle } from 'chart.js'
import { withoutZeros } from '../quantities.ts'
import { axisTitle, powersOfTen } from './charts.ts'
import type { Palette, LayerKind } from './theme.ts'
import { byId, element, svgElement } from './dom.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface AxisRange {
  readonly from: number
  readonly to: number
}

/** What a roofline chart shows of its plane: FLOPs a byte by FLOP/s. */
interface Frame {
  readonly x: AxisRange
  readonly y: AxisRange
}

/** Room for all points and for what both sides of the ridge look like. Nothing in it is 0: both axes are logarithmic. */
export function frameOf(points: readonly Point[], { peaks, ridge }: Throughput): Frame {
  const xs = extremes([...points.map(({ x }) => x), ridge])
  const ys = extremes(points.map(({ y }) => y))
  const top = Math.max(peaks.matrix, peaks.vector)
  return {
    x: { from: xs.from / 2, to: xs.to * 4 },
    y: { from: Math.min(ys.from / 2, top / 100), to: Math.max(ys.to, top) * 3 },
  }
}

/** Without spreading a list of any length over a call. */
export function extremes(values: readonly number[]): AxisRange {
  let [from, to] = [Infinity, 0]
  for (const value of values) {
    if (!(value > 0) || !Number.isFinite(value)) continue
    from = Math.min(from, value)
    to = Math.max(to, value)
  }
  return to === 0 ? { from: 1, to: 1 } : { from, to }
}

/** What limits a layer: FLOP/s <= min(peak, bandwidth x intensity) (Williams et al. 2009, the roofline model). */
export interface Ceiling {
  readonly unit: 'matrix' | 'vector' | 'memory'
  /** FLOP/s, or bytes a second of the memory. */
  readonly peak: number
  readonly line: readonly Point[]
}

/** The lines of the roofs that a device has, within the frame. */
export function ceilingsOf({ peaks }: Throughput, { x, y }: Frame): Ceiling[] {
  const { matrix, vector, bandwidth } = peaks
  const top = Math.max(matrix, vector)
  if (!(top > 0) || !(bandwidth > 0)) return []
  const start = Math.max(x.from, y.from / bandwidth)
  const memory: Ceiling = {
    unit: 'memory',
    peak: bandwidth,
    line: [
      { x: start, y: start * bandwidth },
      { x: top / bandwidth, y: top },
    ],
  }
  const units = matrix > vector && vector > 0 ? (['matrix', 'vector'] as const) : ([unitOf(matrix)] as const)
  const flat = units.map((unit) => {
    const peak = unit === 'matrix' ? matrix : top === matrix ? vector : top
    return { unit, peak, line: [peak / bandwidth, x.to].map((at) => ({ x: at, y: peak })) }
  })
  return [memory, ...flat]
}

const unitOf = (matrix: number): 'matrix' | 'vector' => (matrix > 0 ? 'matrix' : 'vector')

/** A logarithmic axis with a line and a number at each power of ten, and nothing between. */
export const logAxis = (
  range: AxisRange,
  title: string,
  text: (value: number) => string,
  palette: Palette,
): LogAxis => ({
  type: 'logarithmic',
  min: range.from,
  max: range.to,
  title: axisTitle(title, palette),
  grid: { color: palette.rule },
  border: { color: palette.rule },
  ticks: {
    color: palette.muted,
    autoSkip: true,
    maxRotation: 0,
    callback: (value) => withoutZeros(text(Number(value))),
  },
  afterBuildTicks: (axis) => {
    axis.ticks = powersOfTen(range.from, range.to).map((value) => ({ value }))
  },
})

type LogAxis = NonNullable<NonNullable<ChartOptions<'scatter'>['scales']>[string]>

/** A word beside what it names, in pixels of the chart. */
export interface ChartLabel {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly align: CanvasTextAlign
  readonly colour: string
  /** Radians, clockwise. */
  readonly turned?: number
}

/** Writes words into a chart after its points: lines that are named where they are need no legend. */
export const labels = (halo: string, of: (chart: Chart) => readonly ChartLabel[]): Plugin => ({
  id: 'labels',
  afterDatasetsDraw: (chart) => {
    for (const label of of(chart)) write(chart.ctx, label, halo)
  },
})

function write(context: CanvasRenderingContext2D, label: ChartLabel, halo: string): void {
  context.save()
  context.translate(label.x, label.y)
  context.rotate(label.turned ?? 0)
  context.font = '11.5px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
  context.textAlign = label.align
  context.textBaseline = 'bottom'
  // A rim in the colour of the ground keeps the word readable where points lie below it.
  context.lineWidth = 4
  context.lineJoin = 'round'
  context.strokeStyle = halo
  context.strokeText(label.text, 0, 0)
  context.fillStyle = label.colour
  context.fillText(label.text, 0, 0)
  context.restore()
}

/** Kinds that are switched off, over all redrawing. */
export type Hidden = Set<LayerKind>

/** A button for each kind, which shows and hides its points in all `charts()`. */
export function kindLegend(
  kinds: readonly LayerKind[],
  hidden: Hidden,
  charts: () => readonly Chart[],
): void {
  byId('roofline-legend', HTMLElement)?.replaceChildren(
    ...kinds.map((kind) => {
      const button = element('button', 'key', marker(kind), kind)
      button.type = 'button'
      button.setAttribute('aria-pressed', String(!hidden.has(kind)))
      button.addEventListener('click', () => {
        if (!hidden.delete(kind)) hidden.add(kind)
        button.setAttribute('aria-pressed', String(!hidden.has(kind)))
        for (const chart of charts()) applyHidden(chart, hidden)
      })
      return button
    }),
  )
}

/** Shows the points of the kinds that are not hidden. */
export function applyHidden(chart: Chart, hidden: Hidden): void {
  const names: ReadonlySet<string> = hidden
  for (const [index, { label }] of chart.data.datasets.entries())
    if (label !== undefined) chart.setDatasetVisibility(index, !names.has(label))
  chart.update()
}

/** Names beside swatches, in the colours of the style sheet: `--macs`. */
export function swatches(id: string, entries: readonly (readonly [variable: string, name: string])[]): void {
  byId(id, HTMLElement)?.replaceChildren(
    ...entries.map(([variable, name]) => {
      const swatch = element('i', 'swatch')
      swatch.style.background = `var(--${variable})`
      return element('span', 'key', swatch, name)
    }),
  )
}

/** A shape tells kinds apart where colours do not; `area` is that of the shape drawn with radius 1. */
interface Shape {
  readonly style: PointStyle
  readonly area: number
  /** In a box of 12 x 12. */
  readonly path: string
}

const circle: Shape = { style: 'circle', area: Math.PI, path: 'M6 1a5 5 0 1 0 0 10a5 5 0 1 0 0-10z' }
const square: Shape = { style: 'rect', area: 2, path: 'M2 2h8v8H2z' }
const diamond: Shape = { style: 'rectRot', area: 2, path: 'M6 0.5L11.5 6L6 11.5L0.5 6z' }
const triangle: Shape = { style: 'triangle', area: 1.3, path: 'M6 1L11.5 10.5H0.5z' }

const shapes: Readonly<Record<LayerKind, Shape>> = {
  dense: circle,
  grouped: triangle,
  depthwise: diamond,
  pointwise: circle,
  norm: diamond,
  pool: square,
  reduction: triangle,
  copy: square,
  cast: triangle,
  view: diamond,
  fused: circle,
}

export const pointStyleOf = (kind: LayerKind): PointStyle => shapes[kind].style

/** Pixels; the least is large enough to be seen and hit. */
const LEAST_RADIUS = 2

/** Radius of a point whose area is `share` of `whole` square pixels. */
export const radiusOf = (kind: LayerKind, share: number, whole: number): number =>
  Math.max(LEAST_RADIUS, Math.sqrt((share * whole) / shapes[kind].area))

/** The sign of a kind, for legends and tables. */
export function marker(kind: LayerKind): SVGElement {
  const svg = svgElement('svg', { viewBox: '0 0 12 12', class: 'marker', 'aria-hidden': 'true' })
  const path = svgElement('path', { d: shapes[kind].path })
  path.style.fill = `var(--kind-${kind})`
  svg.append(path)
  return svg
}
