import { printable } from '../diagnostics/printable.ts'
import { bindWeights, fitsGraph } from '../weights/binding/bind-weights.ts'
import type { Rows } from '../weights/binding/compare.ts'
import { looksLikeInplaceAbn } from '../weights/binding/inplace-abn.ts'
import { initialWeights } from '../weights/initial/initial-weights.ts'
import type { Checkpoint } from '../weights/safetensors/file.ts'
import type { Weights } from '../weights/weights.ts'
import type { Graph } from '../ir/graph.ts'
import { isOwn, namesFor, readWeightsFile } from '../runtime/files/weights-file.ts'
import { fittingSetting, type Origin } from './fitting-setting.ts'
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
  /** What the user was told of how the file was read. */
  readonly notes: readonly string[]
}

/**
 * The weights that the options name, or random ones; says what the user should know of them on stderr.
 * @param origin what the graph was made of: name maps may lie beside its file
 * @throws DiagnosticError
 */
export function loadWeights(graph: Graph, origin: Origin, options: WeightOptions): LoadedWeights {
  if (options.weights === undefined) return randomWeights(graph, options.seed)
  progress(`reading ${options.weights}`)
  const file = readWeightsFile(options.weights)
  const { inplaceAbn = false } = options
  if (!inplaceAbn) adviseInplaceAbn(graph, file)
  const namesOf = (graph: Graph) => namesFor(graph, file, origin.spec.file, options.names)
  const settingFor = (rows: Rows) =>
    fittingSetting(origin, graph.name, rows, (other) => fitsGraph(other, file, namesOf(other)))
  const values = bindWeights(graph, file, namesOf(graph), { inplaceAbn }, { settingFor })
  for (const text of values.notes) note(`note: ${printable(options.weights)}: ${printable(text)}`)
  return { values, file: options.weights, notes: values.notes }
}

function randomWeights(graph: Graph, seed: number): LoadedWeights {
  noteRandom(graph.name, seed)
  progress('making weights')
  return { values: initialWeights(graph, seed), seed, notes: [] }
}

/** Said on every run: a guess of an untrained network must never pass for an answer. */
export function noteRandom(network: string, seed: number | string): void {
  note(
    `note: the weights of ${printable(network)} are random (seed ${printable(String(seed))}); its results mean nothing`,
  )
}

function adviseInplaceAbn(graph: Graph, file: Checkpoint): void {
  if (isOwn(file) || !looksLikeInplaceAbn(graph, file)) return
  note(`note: ${printable(file.path)} may come from InPlaceABN, whose scales are read as |weight| + eps;`)
  note('      if it does, add --inplace-abn')
}
