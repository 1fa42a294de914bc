import type { ChartDataset } from 'chart.js'
import type { TimedLayer } from '../layer-groups.ts'
import type { Point } from './ceilings.ts'
import { pointStyleOf, radiusOf } from './marker.ts'
import { allKinds, faded, type Kind, type Palette } from './theme.ts'

/** Points of one kind, the largest first, so that none is hidden. */
export interface KindOfPoints {
  readonly kind: Kind
  readonly layers: readonly TimedLayer[]
}

export function byKind(layers: readonly TimedLayer[]): KindOfPoints[] {
  const groups = new Map<Kind, TimedLayer[]>()
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
export const pointSets = (
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
