import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import type { Graph } from '../ir/graph.ts'
import type { Declaration, Network, Parameter } from '../parser/ast.ts'
import type { Program } from '../project/load.ts'
import type { Spec } from '../runtime/files/spec.ts'
import type { Rows } from '../weights/binding/compare.ts'
import { buildNetwork, openProgram } from './load-network.ts'
import type { NetworkOptions } from './options.ts'

/** Each try builds the network anew, and a network has few parameters that are whole numbers. */
const MOST_TRIES = 4

/** A network, and what the command line made of it. */
export interface Origin {
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
  buildNetwork(spec, { ...options, set: [...options.set, setting] }).graph

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
function wholeNumbers(program: Program, network: string): readonly Parameter[] {
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

const isNumber = (expression: Parameter['default'], value: number): boolean =>
  expression?.kind === 'number' && expression.value === value
