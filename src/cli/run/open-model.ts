import { existsSync } from 'node:fs'
import type { Graph } from '../../ir/graph.ts'
import { inputShape } from '../../ir/input-shape.ts'
import { findBuiltIn } from '../../runtime/files/built-ins.ts'
import { labelsFile, openCompiled } from '../compiled-model.ts'
import { LABELS, readDataFile, readDataPath, type DataFile } from '../../runtime/files/data-file.ts'
import { UsageError } from '../exit.ts'
import { statOf } from '../../runtime/files/file-system.ts'
import { buildNetwork, loadNetwork } from '../load-network.ts'
import { loadWeights, type LoadedWeights, type WeightOptions } from '../load-weights.ts'
import type { NetworkOptions } from '../options.ts'
import { findSpec, isPath } from '../../runtime/files/spec.ts'

/** A network that is ready for a backend. */
export interface OpenedModel {
  readonly graph: Graph
  readonly weights: LoadedWeights
  readonly labels: DataFile | undefined
}

export type ModelOptions = NetworkOptions & WeightOptions

/** The size that the inputs ask for, given the network's own; `undefined` for its own. */
export type SizeRule = (own: readonly number[]) => readonly number[] | undefined

/** Opens NET, SPEC or the folder of a compiled model. */
export async function openModel(target: string, options: ModelOptions, rule: SizeRule): Promise<OpenedModel> {
  return isFolder(target) ? openFolder(target, options) : openSpec(target, options, rule)
}

/** A bare name is a built-in network first, as everywhere. */
function isFolder(target: string): boolean {
  if (statOf(target)?.isDirectory() !== true) return false
  return isPath(target) || findBuiltIn(target) === undefined
}

async function openFolder(folder: string, options: ModelOptions): Promise<OpenedModel> {
  const { network, inputSize, weights, names, inplaceAbn } = options
  if (
    [network, inputSize, weights, names, inplaceAbn].some((option) => option !== undefined) ||
    [options.set, options.with, options.without].some((list) => list.length > 0)
  )
    throw new UsageError(
      `${folder} is a compiled model, with its network, size and weights; compile it again to change them`,
    )
  const model = await openCompiled(folder)
  const labels = existsSync(labelsFile(folder)) ? readDataPath(LABELS, labelsFile(folder)) : undefined
  return { ...model, labels }
}

function openSpec(target: string, options: ModelOptions, rule: SizeRule): OpenedModel {
  const spec = findSpec(target)
  const own = loadNetwork(spec, options)
  const size = options.inputSize === undefined ? rule(inputShape(own)) : undefined
  const sized = size === undefined ? options : { ...options, inputSize: size }
  // The warnings of the network were told when it was loaded in its own size.
  const graph = size === undefined ? own : buildNetwork(spec, sized).graph
  const { labels } = graph.metadata
  return {
    graph,
    labels: labels === undefined ? undefined : readDataFile(LABELS, labels, spec.file),
    weights: loadWeights(graph, { spec, options: sized }, options),
  }
}
