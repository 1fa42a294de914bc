import type { LayerAnalysis } from '../../../analysis/analysis.ts'
import type { TimedLayer } from '../layer-groups.ts'
import { bytes, intensity, percent, quantity, seconds, shape } from '../quantities.ts'
import type { Hint } from './tooltip.ts'

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
    ['reaches', quantity(reached.flopsPerSecond, 'FLOP/s')],
  ]
  return {
    title: shortened(layer.path),
    note: `${layer.op}, ${layer.kind}${bound}`,
    rows: [
      ['time', `${seconds(reached.seconds)} (${percent(reached.share)})`],
      ...(reached.intensity > 0 ? withMacs : []),
      ['moves', `${bytes(reached.bytes)}, ${quantity(reached.bytesPerSecond, 'B/s')}`],
      ['output', shape(layer.output)],
      ['written in', placeOf(layer)],
    ],
  }
}

export const placeOf = ({ location: { file, line } }: LayerAnalysis): string => `${shortened(file)}:${line}`
