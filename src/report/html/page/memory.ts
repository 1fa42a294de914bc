import type { Analysis, MemoryAnalysis } from '../../../analysis/analysis.ts'
import { type Point, labels, type ChartLabel } from './chart-parts.ts'
import type { Chart, ChartDataset } from 'chart.js'
import { bytes, withoutZeros } from '../quantities.ts'
import { showsDeviceLine } from '../analysis-page.ts'
import { draw } from './charts.ts'
import { shortened, hover, type Hint } from './tooltip.ts'
import { faded, type Palette } from './theme.ts'

/** What is in use during one layer of a step, in the order of execution. */
interface Moment {
  readonly path: string
  readonly op: string
  readonly part: string | null
  readonly pass: 'forward' | 'backward'
  readonly bytes: number
}

export const momentsOf = ({ memory, layers }: Analysis): Moment[] =>
  memory.timeline.map(({ layer, pass, bytes }) => {
    const { path = '', op = '', part = null } = layers[layer] ?? {}
    return { path, op, part, pass, bytes }
  })

/**
 * Where the curve is at its highest, in the middle of the layer's step; `undefined` where nothing runs. The peak of the
 * report may lie before the first layer, which the curve does not show.
 */
export function peakPoint({ timeline, peak, peak_layer: layer }: MemoryAnalysis): Point | undefined {
  if (timeline.length === 0) return undefined
  if (layer < 0) return { x: 0, y: peak }
  let best = 0
  for (const [index, { bytes }] of timeline.entries()) if (bytes > (timeline[best]?.bytes ?? 0)) best = index
  return { x: best + 0.5, y: timeline[best]?.bytes ?? peak }
}

/** The steps at which another part of the network begins, and its name. */
export function partStarts(moments: readonly Moment[]): ReadonlyMap<number, string> {
  const starts = new Map<number, string>()
  for (const [index, { part, pass }] of moments.entries()) {
    const before = moments[index - 1]
    if (before?.part !== part || before.pass !== pass) starts.set(index, part ?? 'other')
  }
  return starts
}

/** Bytes in use during each layer of a step; the peak, and the device's memory where it is near. */
export function drawMemory(analysis: Analysis, palette: Palette): void {
  const moments = momentsOf(analysis)
  const peak = peakPoint(analysis.memory)
  const usable = usableBytes(analysis)
  const starts = partStarts(moments)
  draw<'line'>('memory-chart', {
    type: 'line',
    data: { datasets: [course(moments, palette), ...device(usable, moments.length, palette)] },
    options: {
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      layout: { padding: { top: 16, right: 8 } },
      scales: {
        x: {
          type: 'linear',
          min: 0,
          max: Math.max(1, moments.length),
          grid: { color: palette.rule },
          border: { color: palette.rule },
          ticks: {
            color: palette.muted,
            align: 'start',
            maxRotation: 0,
            callback(at, index, ticks) {
              const room =
                ((ticks[index + 1]?.value ?? moments.length) - Number(at)) * (this.width / moments.length)
              return fitting(shortened(starts.get(Number(at)) ?? '', 16), room)
            },
          },
          afterBuildTicks: (axis) => {
            axis.ticks = Array.from(starts.keys(), (value) => ({ value }))
          },
        },
        y: {
          beginAtZero: true,
          grid: { color: palette.rule },
          border: { display: false },
          ticks: {
            color: palette.muted,
            callback: (value) => withoutZeros(bytes(Number(value))),
            maxTicksLimit: 7,
          },
        },
      },
      plugins: {
        tooltip: hover<'line'>((dataset, index) =>
          dataset === 0 ? momentHint(moments[Math.min(index, moments.length - 1)]) : undefined,
        ),
      },
    },
    plugins: [labels(palette.surface, (chart) => names(chart, peak, usable, moments, palette))],
  })
}

/** Pixels of a character on an axis, about. */
const CHARACTER = 7

/** A part's name, where the part is as wide; narrow ones keep their line, and the hint says where one is. */
const fitting = (name: string, room: number): string => (name.length * CHARACTER <= room ? name : '')

/** Bytes that the device can give, where the chart shows them. */
function usableBytes({ memory }: Analysis): number | undefined {
  const { device: machine } = memory
  return machine === undefined || !showsDeviceLine(memory) ? undefined : machine.bytes - machine.reserved
}

/** A step for each layer: what is in use holds from its start to its end. */
const course = (moments: readonly Moment[], { bytes: colour }: Palette): ChartDataset<'line', Point[]> => ({
  data: [
    ...moments.map(({ bytes: y }, x) => ({ x, y })),
    ...(moments.length === 0 ? [] : [{ x: moments.length, y: moments.at(-1)?.bytes ?? 0 }]),
  ],
  stepped: true,
  pointRadius: 0,
  borderColor: colour,
  borderWidth: 1.5,
  backgroundColor: faded(colour, 0.18),
  fill: 'origin',
})

const device = (
  usable: number | undefined,
  end: number,
  { ink }: Palette,
): ChartDataset<'line', Point[]>[] =>
  usable === undefined
    ? []
    : [
        {
          data: [0, end].map((x) => ({ x, y: usable })),
          pointRadius: 0,
          pointHitRadius: 0,
          borderColor: ink,
          borderWidth: 1.25,
          borderDash: [5, 4],
        },
      ]

function momentHint(moment: Moment | undefined): Hint | undefined {
  if (moment === undefined) return undefined
  const { path, op, pass } = moment
  return { title: shortened(path), note: `${op}, ${pass} pass`, rows: [['in use', bytes(moment.bytes)]] }
}

function names(
  chart: Chart,
  peak: Point | undefined,
  usable: number | undefined,
  moments: readonly Moment[],
  palette: Palette,
): ChartLabel[] {
  const { left, right, top } = chart.chartArea
  const x = (value: number): number => chart.scales['x']?.getPixelForValue(value) ?? 0
  const y = (value: number): number => chart.scales['y']?.getPixelForValue(value) ?? 0
  const found: ChartLabel[] = []
  if (peak !== undefined) {
    const at = x(peak.x)
    const align = at - left < 60 ? 'left' : right - at < 60 ? 'right' : 'center'
    dot(chart, at, y(peak.y), palette)
    found.push({ text: `peak ${bytes(peak.y)}`, x: at, y: y(peak.y) - 5, align, colour: palette.ink })
  }
  if (usable !== undefined)
    found.push({
      text: `the device can give ${bytes(usable)}`,
      x: right,
      y: y(usable) - 3,
      align: 'right',
      colour: palette.ink,
    })
  const backward = moments.findIndex(({ pass }) => pass === 'backward')
  if (backward > 0)
    found.push({ text: 'backward →', x: x(backward) + 4, y: top + 14, align: 'left', colour: palette.muted })
  return found
}

function dot({ ctx }: Chart, x: number, y: number, { ink, surface }: Palette): void {
  ctx.save()
  ctx.beginPath()
  ctx.arc(x, y, 4, 0, 2 * Math.PI)
  ctx.fillStyle = ink
  ctx.strokeStyle = surface
  ctx.lineWidth = 1.5
  ctx.fill()
  ctx.stroke()
  ctx.restore()
}
