import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import type { Graph } from '../ir/graph.ts'
import type { Declaration, Network, ParameterDeclaration } from '../parser/ast.ts'
import type { Program } from '../project/load.ts'
import type { Spec } from '../host/spec.ts'
import { type Rows, bindWeights, fitsGraph, looksLikeInplaceAbn } from '../weights/bind-weights.ts'
import { networkAndWarnings, openProgram } from './load-network.ts'
import type { NetworkOptions } from './options.ts'
import { printable } from '../diagnostics/printable.ts'
import { initialWeights } from '../weights/initial-weights.ts'
import type { Checkpoint } from '../weights/safetensors/read.ts'
import type { Weights } from '../weights/weights.ts'
import { isOwn, namesFor, readWeightsFile } from '../host/weights-file.ts'
import { note, progress } from './terminal.ts'

/** Each try builds the network anew, and a network has few parameters that are whole numbers. */
const MOST_TRIES = 4

/** A network, and what the command line made of it. */
interface Origin {
  readonly spec: Spec
  readonly options: NetworkOptions
}

/**
 * The setting of the network that makes a layer have the file's number of rows: `classes=7`. Every parameter that is a
 * whole number is tried, those first whose default is our number, and one is named only if the network built with it
 * `fits`: advice that does not work is worse than none.
 */
export function fittingSetting(
  { spec, options }: Origin,
  network: string,
  { ours, theirs }: Rows,
  fits: (graph: Graph) => boolean,
): string | undefined {
  const parameters = wholeNumbers(openProgram(spec, options), network)
  const likely = parameters.filter((parameter) => isNumber(parameter.default, ours))
  const others = parameters.filter((parameter) => !likely.includes(parameter))
  return [...likely, ...others]
    .slice(0, MOST_TRIES)
    .map(({ name }) => `${name.text}=${theirs}`)
    .find((setting) => succeeds(() => fits(build({ spec, options }, setting))))
}

const build = ({ spec, options }: Origin, setting: string): Graph =>
  networkAndWarnings(spec, { ...options, set: [...options.set, setting] }).graph

/** A value that the network does not take is no answer, and no mistake of the user's. */
function succeeds(attempt: () => boolean): boolean {
  try {
    return attempt()
  } catch (error) {
    if (error instanceof DiagnosticError) return false
    throw error
  }
}

/** The parameters of the network, or of the one that it is a variant of, that are `int`. */
function wholeNumbers(program: Program, network: string): readonly ParameterDeclaration[] {
  const declarations = [...program.modules.values()].reverse().flatMap((module) => module.declarations)
  const parameters = baseOf(declarations, network)?.parameters ?? []
  return parameters.filter(({ type }) => type.name.text === 'int' && type.rank === 0)
}

function baseOf(declarations: readonly Declaration[], name: string): Network | undefined {
  const seen = new Set<string>()
  let wanted = name
  while (!seen.has(wanted)) {
    seen.add(wanted)
    const found = declarations.find(({ kind, name }) => kind !== 'block' && name.text === wanted)
    if (found?.kind === 'network') return found
    if (found?.kind === 'variant') wanted = found.base.text
  }
  return undefined
}

const isNumber = (expression: ParameterDeclaration['default'], value: number): boolean =>
  expression?.kind === 'number' && expression.value === value

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
export function weightsOf(graph: Graph, origin: Origin, options: WeightOptions): LoadedWeights {
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
