import type { Attributes } from '../../ir/ops/definition.ts'
import type { ExecutionOptions } from './kernel.ts'
import type { Graph } from '../../ir/graph.ts'
import { typedNodes, type TypedNode } from './types.ts'

/**
 * Whether an activated batch norm runs in place, as the inplace_abn package has it: where that is asked for, and its
 * activation can be inverted, so that its output is all that it keeps. Others are batch norm, then the activation.
 */
export const isInPlace = ({ cost }: TypedNode, { abn }: ExecutionOptions): boolean =>
  abn === 'inplace' && cost.saves.outputs.length > 0

/** How many of a network's activated batch norms run in place. */
export interface InPlaceNorms {
  /** Activated batch norms of the network. */
  readonly norms: number
  readonly in_place: number
  /** The activations of the others: what cannot be inverted needs its input kept. */
  readonly not_invertible: readonly string[]
}

/** Counts the activated batch norms; `undefined` where they are not asked to run in place, or there are none. */
export function inPlaceNorms(graph: Graph, options: ExecutionOptions): InPlaceNorms | undefined {
  if (options.abn !== 'inplace') return undefined
  const norms = typedNodes(graph).filter(({ node }) => node.op === 'abn')
  if (norms.length === 0) return undefined
  const others = norms.filter((norm) => !isInPlace(norm, options))
  const names = new Set(others.map(({ node: { attributes } }) => nameOf(attributes)))
  return { norms: norms.length, in_place: norms.length - others.length, not_invertible: [...names].sort() }
}

/** A leaky ReLU is one that cannot be inverted by its slope. */
const nameOf = ({ activation, slope }: Attributes): string =>
  activation === 'leaky_relu' ? `leaky_relu(${String(slope)})` : String(activation)
