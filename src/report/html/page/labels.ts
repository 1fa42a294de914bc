import type { Chart, Plugin } from 'chart.js'

/** A word beside what it names, in pixels of the chart. */
export interface Label {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly align: CanvasTextAlign
  readonly colour: string
  /** Radians, clockwise. */
  readonly turned?: number
}

/** Writes words into a chart after its points: lines that are named where they are need no legend. */
export const labels = (halo: string, of: (chart: Chart) => readonly Label[]): Plugin => ({
  id: 'labels',
  afterDatasetsDraw: (chart) => {
    for (const label of of(chart)) write(chart.ctx, label, halo)
  },
})

function write(context: CanvasRenderingContext2D, label: Label, halo: string): void {
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
