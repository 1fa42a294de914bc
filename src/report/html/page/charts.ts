import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
} from 'chart.js'
import type { ChartConfiguration, ChartType, ScaleOptionsByType } from 'chart.js'
import { byId } from './dom.ts'
import type { Palette } from './theme.ts'

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
)
Chart.defaults.animation = false
Chart.defaults.maintainAspectRatio = false
Chart.defaults.font.family =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

/** Draws into the canvas of that id, in place of what was there. */
export function draw<T extends ChartType>(
  id: string,
  configuration: ChartConfiguration<T>,
): Chart | undefined {
  const canvas = byId(id, HTMLCanvasElement)
  if (canvas === undefined) return undefined
  Chart.getChart(canvas)?.destroy()
  return new Chart(canvas, configuration) as unknown as Chart
}

/** Redraws at the size that paper gives, and back. */
export function followPrinting(): void {
  const resize = (): void => {
    for (const chart of Object.values(Chart.instances)) chart.resize()
  }
  window.addEventListener('beforeprint', resize)
  window.addEventListener('afterprint', resize)
}

type Axis = ScaleOptionsByType<'linear'>['title']

/** What the axes of all charts share. */
export const axisTitle = (text: string, { muted }: Palette): Partial<Axis> => ({
  display: true,
  text,
  color: muted,
})

/** 1, 10, 100 ... between the ends, thinned out where there are too many; a logarithmic axis needs no others. */
export function powersOfTen(from: number, to: number): number[] {
  const first = Math.ceil(Math.log10(from) - 1e-9)
  const last = Math.floor(Math.log10(to) + 1e-9)
  const step = Math.max(1, Math.ceil((last - first) / 8))
  const powers = []
  for (let power = first; power <= last; power += step) powers.push(10 ** power)
  return powers
}
