import { DiagnosticError, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { elaborate, type ElaborateOptions } from '../elaborate/elaborate.ts'
import type { Graph } from '../ir/graph.ts'
import type { Expression } from '../parser/ast.ts'
import { parseExpression, parsePlacement, parseRemoval, type ChangeResult } from '../parser/parse.ts'
import { loadProgram, type Program } from '../project/load.ts'
import { createSourceFile, type SourceFile } from '../source/source-file.ts'
import { UsageError } from './exit.ts'
import type { NetworkOptions, PassOptions } from './options.ts'
import { passNamed, runPasses } from '../passes/pipelines.ts'
import { noteDiagnostics } from './report-failure.ts'
import { adviseImports } from '../host/file-host.ts'
import type { Spec } from '../host/spec.ts'

/** The library's modules, which `--with` may name whether or not the spec imports them. */
const MODULES = ['std/attention.arch']

/** The program of a spec, and what its options need besides. */
export const openProgram = (spec: Spec, options: NetworkOptions): Program =>
  loadProgram(spec.entry, spec.host, options.with.length > 0 ? MODULES : [])

/**
 * The graph of the network that spec and options name. Warnings go to stderr.
 * @throws DiagnosticError with every mistake; UsageError
 */
export function loadNetwork(spec: Spec, options: NetworkOptions): Graph {
  const { graph, warnings } = networkAndWarnings(spec, options)
  noteDiagnostics(warnings)
  return graph
}

/**
 * The graph as the passes of `--after` leave it.
 * @throws UsageError where the graph is to be trained, and a pass makes what cannot be
 */
export function afterPasses(graph: Graph, { after }: PassOptions, training = false): Graph {
  const chosen = after.flatMap((name) => passNamed(name) ?? [])
  const last = training ? chosen.find(({ keepsTraining }) => !keepsTraining) : undefined
  if (last !== undefined)
    throw new UsageError(
      `--training and --after ${last.name} exclude each other: its result is for inference`,
    )
  return runPasses(graph, chosen)
}

/** The graph and its warnings, where the caller tells these or has told them before. */
export function networkAndWarnings(
  spec: Spec,
  options: NetworkOptions,
): { readonly graph: Graph; readonly warnings: readonly Diagnostic[] } {
  const { graph, diagnostics } = elaborate(openProgram(spec, options), elaborateOptions(spec, options))
  const warnings = adviseImports(diagnostics, spec.host)
  refuseErrors(warnings)
  if (graph === undefined) throw new Error('elaboration gave neither a graph nor a reason')
  return { graph, warnings }
}

/**
 * What the command line says, as elaboration takes it.
 * @throws DiagnosticError for texts that cannot be read; UsageError
 */
export function elaborateOptions(spec: Spec, options: NetworkOptions): ElaborateOptions {
  const network = options.network ?? spec.network
  return {
    settings: parseSettings(options.set),
    placements: {
      with: parseChanges('--with', options.with, parsePlacement),
      without: parseChanges('--without', options.without, parseRemoval),
    },
    ...(network === undefined ? {} : { network }),
    ...(options.inputSize === undefined ? {} : { inputSize: options.inputSize }),
  }
}

export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some(({ severity }) => severity === 'error')

function refuseErrors(diagnostics: readonly Diagnostic[]): void {
  if (hasErrors(diagnostics)) throw new DiagnosticError(diagnostics)
}

/** The values of `--set`, by name. They are expressions of the language: `--set depths=[2, 2, 6, 2]`. */
function parseSettings(settings: readonly string[]): ReadonlyMap<string, Expression> {
  return new Map(settings.map(parseSetting))
}

function parseSetting(setting: string): [string, Expression] {
  const [, name, value] = /^\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,2})\s*=(.*)$/s.exec(setting) ?? []
  if (name === undefined || value === undefined)
    throw new UsageError(
      `--set takes name=value, e.g. --set width=1.2 or --set se.reduction=8, and not '${setting}'`,
    )
  const { expression, diagnostics } = parseExpression(createSourceFile(`--set ${name}`, value))
  refuseErrors(diagnostics)
  return [name, expression]
}

function parseChanges<Change>(
  option: string,
  texts: readonly string[],
  parse: (file: SourceFile) => ChangeResult<Change>,
): readonly Change[] {
  return texts.flatMap((text) => {
    const { change, diagnostics } = parse(createSourceFile(option, text))
    refuseErrors(diagnostics)
    return change ?? []
  })
}
