import type { LayerAnalysis } from '../../../analysis/analysis.ts'
import type { TimedLayer } from '../analysis-page.ts'
import { bytes, intensity, shareText, prefixed, seconds, sizesText } from '../quantities.ts'
import type { Chart, ChartType, TooltipModel, TooltipOptions } from 'chart.js'
import { element } from './dom.ts'

/** The most characters of a name in a hint or on an axis; the table has them all. */
const LONGEST_NAME = 48

/** The end of a path says more than its beginning. */
export const shortened = (name: string, limit = LONGEST_NAME): string =>
  name.length <= limit ? name : `…${name.slice(1 - limit)}`

/** What a point of the roofline, or of the layers without MACs, says. */
export function layerHint({ layer, ...reached }: TimedLayer): Hint {
  const bound = layer.time === undefined ? '' : `, bound by ${layer.time.bound}`
  const withMacs: [string, string][] = [
    ['intensity', intensity(reached.intensity)],
    ['reaches', prefixed(reached.flopsPerSecond, 'FLOP/s')],
  ]
  return {
    title: shortened(layer.path),
    note: `${layer.op}, ${layer.kind}${bound}`,
    rows: [
      ['time', `${seconds(reached.seconds)} (${shareText(reached.share)})`],
      ...(reached.intensity > 0 ? withMacs : []),
      ['moves', `${bytes(reached.bytes)}, ${prefixed(reached.bytesPerSecond, 'B/s')}`],
      ['output', sizesText(layer.output)],
      ['written in', layerPlace(layer)],
    ],
  }
}

export const layerPlace = ({ location: { file, line } }: LayerAnalysis): string =>
  `${shortened(file)}:${line}`

/** What is said of a point. */
export interface Hint {
  readonly title: string
  readonly note?: string
  readonly rows: readonly (readonly [name: string, value: string])[]
}

/** Points that lie upon each other are listed up to this many. */
const MOST_HINTS = 3

const GAP = 14

let made: HTMLElement | undefined

/** The one box of the page, made when it is first needed: files of pure functions load this one where there is no document. */
function theBox(): HTMLElement {
  if (made !== undefined) return made
  made = element('div', 'tooltip')
  made.id = 'tooltip'
  // The table of the page has the same; a reader of the screen needs no second.
  made.setAttribute('aria-hidden', 'true')
  return made
}

/** Options of Chart.js for a tooltip of our own: text that can be laid out, and that is text whatever it says. */
export const hover = <T extends ChartType>(
  describe: (dataset: number, index: number) => Hint | undefined,
): Partial<TooltipOptions<T>> => ({
  enabled: false,
  external: ({ chart, tooltip }: { chart: Chart; tooltip: TooltipModel<T> }) =>
    show(chart, tooltip, describe),
})

function show<T extends ChartType>(
  chart: Chart,
  tooltip: TooltipModel<T>,
  describe: (dataset: number, index: number) => Hint | undefined,
): void {
  const box = theBox()
  const points = tooltip.opacity === 0 ? [] : tooltip.dataPoints
  const hints = points.flatMap(({ datasetIndex, dataIndex }) => describe(datasetIndex, dataIndex) ?? [])
  box.hidden = hints.length === 0
  if (box.hidden) return
  const rest = hints.length - MOST_HINTS
  box.replaceChildren(...hints.slice(0, MOST_HINTS).map(hintElement))
  if (rest > 0) box.append(element('p', 'more', `and ${rest} more here`))
  document.body.append(box)
  place(box, chart.canvas.getBoundingClientRect(), tooltip.caretX, tooltip.caretY)
}

function hintElement({ title, note, rows }: Hint): HTMLElement {
  const list = element('dl', '')
  for (const [name, value] of rows) list.append(element('dt', '', name), element('dd', '', value))
  const heading = element('strong', '', title)
  return element('section', '', heading, ...(note === undefined ? [] : [element('p', '', note)]), list)
}

/** Beside the point, on the side that has room. */
function place(box: HTMLElement, canvas: DOMRect, x: number, y: number): void {
  const width = box.offsetWidth
  const right = canvas.left + x + GAP
  const left = right + width <= document.documentElement.clientWidth - 8 ? right : right - width - 2 * GAP
  const top = Math.min(canvas.top + y - 12, window.innerHeight - box.offsetHeight - 8)
  box.style.left = `${Math.max(8, left) + window.scrollX}px`
  box.style.top = `${Math.max(8, top) + window.scrollY}px`
}
