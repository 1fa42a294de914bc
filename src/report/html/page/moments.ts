import type { Analysis, MemoryAnalysis } from '../../../analysis/analysis.ts'
import type { Point } from './ceilings.ts'

/** What is in use during one layer of a step, in the order of execution. */
export interface Moment {
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
export function peakOf({ timeline, peak, peak_layer: layer }: MemoryAnalysis): Point | undefined {
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
