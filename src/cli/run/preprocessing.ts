import type { Graph, NetworkMetadata } from '../../ir/graph.ts'
import { UsageError } from '../exit.ts'

/** What the user may have of a network's way to look at pictures. */
export interface PreprocessingOptions {
  readonly mean?: readonly number[]
  readonly std?: readonly number[]
  readonly resize?: number
  readonly interpolation?: NetworkMetadata['interpolation']
}

/** The network's metadata with what the options replace; one number stands for every channel. */
export function preprocessingOf(
  graph: Graph,
  options: PreprocessingOptions,
  channels: number,
): NetworkMetadata {
  const { metadata } = graph
  const { mean, std, resize = metadata.resize, interpolation = metadata.interpolation } = options
  if (std?.some((value) => value <= 0)) throw new UsageError('--std takes numbers above zero')
  return {
    ...metadata,
    mean: forChannels('--mean', mean, channels) ?? metadata.mean,
    std: forChannels('--std', std, channels) ?? metadata.std,
    resize,
    interpolation,
  }
}

function forChannels(option: string, given: readonly number[] | undefined, channels: number) {
  const [only] = given ?? []
  if (given?.length === 1 && only !== undefined) return Array.from({ length: channels }, () => only)
  if (given === undefined || given.length === channels) return given
  throw new UsageError(`${option} takes one number, or one for each of the ${channels} channels`)
}
