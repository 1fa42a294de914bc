import { bindWeights } from '../weights/binding/bind-weights.ts'
import { looksLikeInplaceAbn } from '../weights/binding/inplace-abn.ts'
import { initialWeights } from '../weights/initial/initial-weights.ts'
import type { SafetensorsFile } from '../weights/safetensors/file.ts'
import type { Weights } from '../weights/weights.ts'
import type { Graph } from '../ir/graph.ts'
import { isOwn, namesFor, readWeightsFile } from '../runtime/files/weights-file.ts'
import { note, progress } from './terminal.ts'

/** Beside `OWN_MARK` where the values are random: the seed. */
export const SEED_MARK = 'archc_random_seed'

export interface WeightOptions {
  readonly weights?: string
  readonly names?: string
  readonly inplaceAbn?: boolean
  readonly seed: number
}

export interface LoadedWeights {
  readonly values: Weights
  /** The file, or absent where the values are random. */
  readonly file?: string
  /** Absent where the values were read. */
  readonly seed?: number
}

/**
 * The weights that the options name, or random ones; says what the user should know of them on stderr.
 * @param spec the file of the spec, beside which name maps may lie
 * @throws DiagnosticError
 */
export function loadWeights(graph: Graph, spec: string, options: WeightOptions): LoadedWeights {
  if (options.weights === undefined) return randomWeights(graph, options.seed)
  progress(`reading ${options.weights}`)
  const file = readWeightsFile(options.weights)
  const { inplaceAbn = false } = options
  if (!inplaceAbn) adviseInplaceAbn(graph, file)
  const values = bindWeights(graph, file, namesFor(graph, file, spec, options.names), { inplaceAbn })
  return { values, file: options.weights }
}

function randomWeights(graph: Graph, seed: number): LoadedWeights {
  noteRandom(graph.name, seed)
  progress('making weights')
  return { values: initialWeights(graph, seed), seed }
}

/** Said on every run: a guess of an untrained network must never pass for an answer. */
export function noteRandom(network: string, seed: number | string): void {
  note(`note: the weights of ${network} are random (seed ${seed}); its results mean nothing`)
}

function adviseInplaceAbn(graph: Graph, file: SafetensorsFile): void {
  if (isOwn(file) || !looksLikeInplaceAbn(graph, file)) return
  note(`note: ${file.path} may come from InPlaceABN, whose scales are read as |weight| + eps;`)
  note('      if it does, add --inplace-abn')
}
