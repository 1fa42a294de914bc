import type { Throughput } from '../../../analysis/analysis.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Range {
  readonly from: number
  readonly to: number
}

/** What a roofline chart shows of its plane: FLOPs a byte by FLOP/s. */
export interface Frame {
  readonly x: Range
  readonly y: Range
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
export function extremes(values: readonly number[]): Range {
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
