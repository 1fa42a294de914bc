import { basename } from 'node:path'
import type { Measured } from '../analysis/calibration/measured.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError, type Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Graph } from '../ir/graph.ts'
import { findSpec } from '../runtime/files/spec.ts'
import { loadNetwork } from './load-network.ts'

/** The network of a measurement. */
export interface MeasuredNetwork {
  readonly graph: Graph
  /** The file that declares it: what it declares is built alike. */
  readonly family: string
}

/** More would hide the first ones. */
const MOST_PROBLEMS = 20

/**
 * The network of each row, for its size of image.
 * @param onNetwork is told how many of how many are built
 * @throws DiagnosticError E1209 for each that cannot be, the first 20
 */
export function measuredNetworks(
  rows: readonly Measured[],
  onNetwork: (done: number, all: number) => void = () => undefined,
): readonly MeasuredNetwork[] {
  const problems: Diagnostic[] = []
  const built = new Map<string, MeasuredNetwork | undefined>()
  const all = new Set(rows.map(keyOf)).size
  for (const row of rows) {
    if (built.has(keyOf(row)) || problems.length === MOST_PROBLEMS) continue
    built.set(keyOf(row), build(row, problems))
    onNetwork(built.size, all)
  }
  if (problems.length > 0) throw new DiagnosticError(problems)
  return rows.flatMap((row) => built.get(keyOf(row)) ?? [])
}

const keyOf = ({ network, imageSize }: Measured): string => `${imageSize} ${network}`

function build({ network, imageSize, span }: Measured, problems: Diagnostic[]): MeasuredNetwork | undefined {
  try {
    const spec = findSpec(network)
    const graph = loadNetwork(spec, { ...noChanges, inputSize: [3, imageSize, imageSize] })
    return { graph, family: basename(spec.file, '.arch') }
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    const [first] = error.diagnostics
    const facts = { name: network, reason: first?.message ?? '' }
    problems.push(diagnose('E1209', span, facts, { help: first?.help }))
    return undefined
  }
}

const noChanges = { set: [], with: [], without: [] }
