import type { Chart } from 'chart.js'
import type { Throughput } from '../../../analysis/analysis.ts'
import type { TimedLayer } from '../layer-groups.ts'
import { quantity } from '../quantities.ts'
import { extremes, type Point, type Range } from './ceilings.ts'
import { draw } from './charts.ts'
import { layerHint } from './hints.ts'
import { labels } from './labels.ts'
import { byKind, guide, pointSets } from './layer-points.ts'
import { logAxis } from './log-axis.ts'
import { ABOVE } from './roofline.ts'
import type { Palette } from './theme.ts'
import { hover } from './tooltip.ts'

const pointOf = ({ bytes: x, bytesPerSecond: y }: TimedLayer): Point => ({ x, y })

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
    data: { datasets: [...pointSets(kinds, pointOf, palette), guide(roof, palette.ink)] },
    options: {
      interaction: { mode: 'point', intersect: true },
      layout: { padding: { top: 4, right: 8 } },
      scales: {
        x: logAxis(x, 'Moved in a step, B', (value) => quantity(value, ''), palette),
        y: logAxis(y, 'Achieved, B/s', (value) => quantity(value, ''), palette),
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
          text: `memory ${quantity(bandwidth, 'B/s')}`,
          x: chart.chartArea.right - 2,
          y: (chart.scales['y']?.getPixelForValue(bandwidth) ?? 0) - ABOVE,
          align: 'right',
          colour: palette.ink,
        },
      ]),
    ],
  })
}

const widened = ({ from, to }: Range): Range => ({ from: from / 2.5, to: to * 2.5 })
