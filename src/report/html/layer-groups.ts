import type { Analysis, LayerAnalysis } from '../../analysis/analysis.ts'

/** What a layer reaches, as the charts place it. */
export interface TimedLayer {
  readonly layer: LayerAnalysis
  readonly seconds: number
  /** Of the whole network's time, 0 to 1. */
  readonly share: number
  /** FLOPs a byte. */
  readonly intensity: number
  /** Bytes of a step. */
  readonly bytes: number
  /** Achieved. */
  readonly flopsPerSecond: number
  readonly bytesPerSecond: number
}

export interface LayerGroups {
  readonly withMacs: readonly TimedLayer[]
  /** Layers that take time but multiply nothing: the roofline, whose axes are logarithmic, has no place for them. */
  readonly withoutMacs: readonly TimedLayer[]
  /** Layers without time of their own: views, and those whose work another's kernel does. */
  readonly untimed: number
}

/** The layers by what a roofline can say of them. */
export function layerGroups({ layers, run }: Analysis): LayerGroups {
  const timed = layers.flatMap((layer) => timedLayer(layer, run.batch) ?? [])
  return {
    withMacs: timed.filter(({ intensity }) => intensity > 0),
    withoutMacs: timed.filter(({ intensity }) => intensity === 0),
    untimed: layers.length - timed.length,
  }
}

/**
 * FLOPs of a step are intensity x bytes of a step, by the definition of intensity; so they are those of all kernels
 * that the bytes are of, the backward pass's in training.
 */
function timedLayer(layer: LayerAnalysis, batch: number): TimedLayer | undefined {
  const { time, intensity } = layer
  const bytes = layer.bytes * batch
  if (time === undefined || !(time.seconds > 0) || !(bytes > 0)) return undefined
  return {
    layer,
    seconds: time.seconds,
    share: time.share,
    intensity,
    bytes,
    flopsPerSecond: (intensity * bytes) / time.seconds,
    bytesPerSecond: bytes / time.seconds,
  }
}

/** Share of the whole time, 0 to 1. */
export const shareOf = (layers: readonly TimedLayer[]): number =>
  layers.reduce((sum, { share }) => sum + share, 0)
