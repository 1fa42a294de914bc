import { basename } from 'node:path'
import type { Measured } from '../analysis/calibration/measured.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError, type Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Graph } from '../ir/graph.ts'
import { findSpec } from '../host/spec.ts'
import { networkAndWarnings } from './load-network.ts'
import { noteDiagnostics } from './report-failure.ts'

/** The network of a measurement. */
export interface MeasuredNetwork {
  readonly graph: Graph
  /** The file that declares it: what it declares is built alike. */
  readonly family: string
}

/** More would hide the first ones. */
const MOST_PROBLEMS = 20

/** Networks at their sizes of image that a table may name; the largest public ones have some hundred. Each takes some 15 ms. */
const MOST_NETWORKS = 2000

/**
 * Builds the network of each row for its size of image, one after the other, those of one name together. What the visitor
 * keeps of a graph is all that stays of it.
 * @param visit is told a network and the places of its rows
 * @param onNetwork is told how many of how many are built
 * @throws DiagnosticError E1209 for each that cannot be, the first 20; E1212 before any is built
 */
export function visitNetworks(
  rows: readonly Measured[],
  visit: (network: MeasuredNetwork, indices: readonly number[]) => void,
  onNetwork: (done: number, all: number) => void = () => undefined,
): void {
  const problems: Diagnostic[] = []
  const told = new Set<string>()
  const groups = groupsOf(rows)
  for (const [done, indices] of groups.entries()) {
    const row = rows[indices[0] ?? -1]
    if (row === undefined || problems.length === MOST_PROBLEMS) continue
    const network = build(row, problems, told)
    if (network !== undefined && problems.length === 0) visit(network, indices)
    onNetwork(done + 1, groups.length)
  }
  if (problems.length > 0) throw new DiagnosticError(problems)
}

/** The network of each row. All are kept: for tables that are known to be small. */
export function measuredNetworks(rows: readonly Measured[]): readonly MeasuredNetwork[] {
  const networks: MeasuredNetwork[] = []
  visitNetworks(rows, (network, indices) => {
    for (const index of indices) networks[index] = network
  })
  return networks
}

/**
 * The families of the rows' networks, which are told from their files alone; `undefined` where one has none.
 */
export function familiesOfRows(rows: readonly Measured[]): ReadonlySet<string> | undefined {
  const families = new Set<string>()
  for (const network of new Set(rows.map((row) => row.network)))
    try {
      families.add(familyOf(findSpec(network).file))
    } catch (error) {
      if (error instanceof DiagnosticError) return undefined
      throw error
    }
  return families
}

/** The places of the rows of each network at each size; those of one name in a row, in the order of the table. */
function groupsOf(rows: readonly Measured[]): readonly (readonly number[])[] {
  const byName = new Map<string, Map<number, number[]>>()
  let count = 0
  for (const [index, { network, imageSize, span }] of rows.entries()) {
    const sizes = byName.get(network) ?? new Map<number, number[]>()
    byName.set(network, sizes)
    const group = sizes.get(imageSize)
    if (group !== undefined) group.push(index)
    else if (++count > MOST_NETWORKS)
      throw new DiagnosticError([diagnose('E1212', span, { limit: MOST_NETWORKS })])
    else sizes.set(imageSize, [index])
  }
  return [...byName.values()].flatMap((sizes) => [...sizes.values()])
}

const familyOf = (file: string): string => basename(file, '.arch')

/** @param told networks whose warnings were told, at whatever size */
function build(
  { network, imageSize, span }: Measured,
  problems: Diagnostic[],
  told: Set<string>,
): MeasuredNetwork | undefined {
  try {
    const spec = findSpec(network)
    const { graph, warnings } = networkAndWarnings(spec, {
      ...noChanges,
      inputSize: [3, imageSize, imageSize],
    })
    if (!told.has(network)) noteDiagnostics(warnings)
    told.add(network)
    return { graph, family: familyOf(spec.file) }
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    const [first] = error.diagnostics
    const facts = { name: network, reason: first?.message ?? '' }
    problems.push(diagnose('E1209', span, facts, { help: first?.help }))
    return undefined
  }
}

const noChanges = { set: [], with: [], without: [] }
