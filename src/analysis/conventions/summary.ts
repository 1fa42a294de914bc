import type { Graph } from '../../ir/graph.ts'
import { inputShape } from '../../ir/input-shape.ts'
import type { OpName } from '../../ir/ops/index.ts'
import { refuseInexact } from '../counts.ts'
import { archc } from './archc.ts'
import type { Convention } from './convention.ts'
import { countUnder, type LayerCount } from './count.ts'
import { conventions } from './index.ts'

/** A network under one convention, beside archc's own count and all others. The keys are those of the JSON report. */
export interface ConventionSummary {
  readonly network: string
  /** [C, H, W]. */
  readonly input: readonly number[]
  readonly convention: ConventionTotal
  /** What the convention counts, in a line, and where that can be read. */
  readonly counts: string
  readonly source: string
  /** MACs as archc counts them. */
  readonly macs: number
  /** What either of the two counts, largest first. */
  readonly operators: readonly OperatorCount[]
  readonly layers: readonly LayerCount[]
  readonly conventions: readonly ConventionTotal[]
}

export interface ConventionTotal {
  readonly name: string
  readonly title: string
  /** What the tool calls its figure. */
  readonly calls: 'MACs' | 'FLOPs'
  /** What a multiply-accumulate counts. */
  readonly per_mac: number
  readonly total: number
}

export interface OperatorCount {
  readonly op: OpName
  /** How many of them the network has. */
  readonly nodes: number
  readonly amount: number
  readonly macs: number
}

/** @throws DiagnosticError E1301 where a count is too large to be exact */
export function summarize(graph: Graph, convention: Convention): ConventionSummary {
  const { perLayer } = countUnder(graph, convention)
  const own = countUnder(graph, archc)
  const totals = conventions.map((one) => totalOf(graph, one))
  for (const { name, calls, total } of totals) refuseInexact(total, `${calls} as ${name} counts`, graph.name)
  return {
    network: graph.name,
    input: inputShape(graph),
    convention: totalOf(graph, convention),
    counts: convention.doc,
    source: convention.source,
    macs: own.total,
    operators: byOperator(perLayer, own.perLayer),
    layers: perLayer,
    conventions: totals,
  }
}

const totalOf = (graph: Graph, convention: Convention): ConventionTotal => ({
  name: convention.name,
  title: convention.title,
  calls: convention.calls,
  per_mac: convention.mac,
  total: countUnder(graph, convention).total,
})

function byOperator(counted: readonly LayerCount[], own: readonly LayerCount[]): OperatorCount[] {
  const sums = new Map<OpName, OperatorCount>()
  counted.forEach(({ op, amount }, index) => {
    const { nodes, amount: sum, macs } = sums.get(op) ?? { nodes: 0, amount: 0, macs: 0 }
    sums.set(op, { op, nodes: nodes + 1, amount: sum + amount, macs: macs + (own[index]?.amount ?? 0) })
  })
  return [...sums.values()]
    .filter(({ amount, macs }) => amount > 0 || macs > 0)
    .sort((a, b) => b.amount - a.amount)
}
