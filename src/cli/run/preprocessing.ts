import type { Graph, NetworkMetadata } from '../../ir/graph.ts'
import { inputShape } from '../../ir/input-shape.ts'
import { UsageError } from '../exit.ts'

/** What the user may have of a network's way to look at pictures. */
export interface PreprocessingOptions {
  readonly mean?: readonly number[]
  readonly std?: readonly number[]
  readonly resize?: number
  readonly cropPct?: number
  readonly interpolation?: NetworkMetadata['interpolation']
}

/** The network's metadata with what the options replace; one number stands for every channel. */
export function preprocessingOf(graph: Graph, options: PreprocessingOptions): NetworkMetadata {
  const { metadata } = graph
  const [channels = 0, height = 1, width = 1] = inputShape(graph)
  const { mean, std, interpolation = metadata.interpolation } = options
  if (std?.some((value) => value <= 0)) throw new UsageError('--std takes numbers above zero')
  return {
    ...metadata,
    mean: forChannels('--mean', mean, channels) ?? metadata.mean,
    std: forChannels('--std', std, channels) ?? metadata.std,
    resize: resizeOf(options, height, width) ?? metadata.resize,
    interpolation,
  }
}

/** As timm reads crop_pct: each side of the input divided by it, rounded down. */
function resizeOf(
  { resize, cropPct }: PreprocessingOptions,
  height: number,
  width: number,
): NetworkMetadata['resize'] | undefined {
  if (resize !== undefined && cropPct !== undefined)
    throw new UsageError('--resize and --crop-pct say the same in two ways; give one of them')
  if (cropPct === undefined) return resize
  return [Math.floor(height / cropPct), Math.floor(width / cropPct)]
}

function forChannels(option: string, given: readonly number[] | undefined, channels: number) {
  const [only] = given ?? []
  if (given?.length === 1 && only !== undefined) return Array.from({ length: channels }, () => only)
  if (given === undefined || given.length === channels) return given
  throw new UsageError(`${option} takes one number, or one for each of the ${channels} channels`)
}
