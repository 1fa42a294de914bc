import type { Graph } from '../../ir/graph.ts'
import type { ActivationName } from '../../ir/ops/activation-names.ts'
import { totalElements } from '../../ir/ops/cost.ts'
import { type OpName } from '../../ir/ops/index.ts'
import { sizesOf } from '../../ir/ops/tensors.ts'
import { elementsOf } from '../elements.ts'
import { typedNodes, type TypedNode } from '../execution/types.ts'
import type { Convention, Facts, Rule } from './convention.ts'

/** A network's work as a tool counts it, for one image. */
export interface ConventionCount {
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

export function countUnder(graph: Graph, convention: Convention): ConventionCount {
  const perLayer = typedNodes(graph).map((typed) => ({
    path: typed.node.path,
    op: typed.node.op,
    part: typed.node.provenance.part ?? null,
    amount: amountOf(typed, convention),
  }))
  return { total: perLayer.reduce((sum, { amount }) => sum + amount, 0), perLayer }
}

function amountOf(typed: TypedNode, { rules }: Convention): number {
  const facts = factsOf(typed)
  // The attributes of a node are its own operator's: `infer` has seen to it.
  const apply = (op: keyof typeof rules): number => (rules[op] as Rule | undefined)?.(facts) ?? 0
  const { op, attributes } = typed.node
  if (op !== 'abn') return apply(op)
  const activation = attributes['activation'] as ActivationName | 'none'
  return apply('batch_norm') + (activation === 'none' ? 0 : apply(activation))
}

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
