import { type Graph, inputShape } from '../../ir/graph.ts'
import type { ActivationName } from '../../ir/ops/activations.ts'
import { totalElements } from '../../ir/ops/cost.ts'
import { operatorOf, type CountedOpName, type OpName } from '../../ir/ops/index.ts'
import { sizesOf } from '../../ir/ops/tensors.ts'
import { elementsOf } from '../elements.ts'
import { GraphView, type TypedNode } from '../../ir/view.ts'
import type { Convention, CountingRule, Facts } from './convention.ts'
import { refuseInexact } from '../counts.ts'
import { archc } from './archc.ts'
import { conventions } from './index.ts'

/** A network's work as a tool counts it, for one image. */
interface ConventionCount {
  readonly total: number
  /** In the order of execution; views and what the tool does not see with 0. */
  readonly perLayer: readonly LayerCount[]
}

export interface LayerCount {
  readonly path: string
  readonly op: OpName
  readonly part: string | null
  readonly amount: number
}

export function countUnder(view: GraphView, convention: Convention): ConventionCount {
  const perLayer = view.nodes.map((typed) => ({
    path: typed.node.path,
    op: typed.node.op,
    part: typed.node.provenance.part ?? null,
    amount: amountOf(typed, convention),
  }))
  return { total: perLayer.reduce((sum, { amount }) => sum + amount, 0), perLayer }
}

function amountOf(typed: TypedNode, { rules }: Convention): number {
  const facts = factsOf(typed)
  // The attributes of a node are its own operator's (`infer` refuses others), which the type of a union cannot say.
  const apply = (op: CountedOpName): number => (rules[op] as CountingRule)(facts)
  const { op, attributes } = typed.node
  if (isCounted(op)) return apply(op)
  if (op !== 'abn') return 0
  const activation = attributes['activation'] as ActivationName | 'none'
  return apply('batch_norm') + (activation === 'none' ? 0 : apply(activation))
}

const isCounted = (op: OpName): op is CountedOpName => operatorOf(op).counters === 'rules'

function factsOf(typed: TypedNode): Facts {
  const { node, inputs, outputs, cost } = typed
  const { inference } = cost
  const [height, width] = sizesOf(inputs).size
  return {
    attributes: node.attributes,
    macs: inference.macs,
    fixedMacs: inference.fixedMacs,
    bias: elementsOf(typed).bias ?? 0,
    input: totalElements(inputs.slice(0, 1)),
    output: totalElements(outputs),
    positions: height * width,
  }
}

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

interface OperatorCount {
  readonly op: OpName
  /** How many of them the network has. */
  readonly nodes: number
  readonly amount: number
  readonly macs: number
}

/** @throws DiagnosticError E1301 where a count is too large to be exact */
export function summarizeConvention(graph: Graph, convention: Convention): ConventionSummary {
  const view = new GraphView(graph)
  const { perLayer } = countUnder(view, convention)
  const own = countUnder(view, archc)
  const totals = conventions.map((one) => totalOf(view, one))
  for (const { name, calls, total } of totals) refuseInexact(total, `${calls} as ${name} counts`, graph.name)
  return {
    network: graph.name,
    input: inputShape(graph),
    convention: totalOf(view, convention),
    counts: convention.doc,
    source: convention.source,
    macs: own.total,
    operators: byOperator(perLayer, own.perLayer),
    layers: perLayer,
    conventions: totals,
  }
}

const totalOf = (view: GraphView, convention: Convention): ConventionTotal => ({
  name: convention.name,
  title: convention.title,
  calls: convention.calls,
  per_mac: convention.mac,
  total: countUnder(view, convention).total,
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
