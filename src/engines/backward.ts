import type { Graph } from '../ir/graph.ts'
import { sum } from '../ir/sum.ts'
import {
  type ExecutionOptions,
  type Filter,
  type Kernel,
  type KernelKind,
  bytesPerElement,
  precise,
} from './kernel.ts'
import { allParameters, type GraphView, type TypedNode } from '../ir/view.ts'
import { activationNames, activationOf } from '../ir/ops/activations.ts'
import type { Attributes } from '../ir/ops/definition.ts'

/** dx = dy * w and dw = dy * x; a picture needs no gradient. The weights' gradient is cast to the type of the weights. */
export function filterBackward(
  graph: Graph,
  typed: TypedNode,
  options: ExecutionOptions,
  kind: KernelKind,
  filter: Filter,
): Kernel[] {
  const { inference, backward } = typed.cost
  const { filters, kept, unit } = precise[options.precision]
  const each = bytesPerElement[filters]
  const into = sum(inference.reads) * each
  const out = sum(inference.writes) * each
  const weights = allParameters(graph, typed.node)
  const work = { macs: inference.macs, filter, unit: kind === 'depthwise' ? ('vector' as const) : unit }
  const input = {
    ...backwardKernel(typed, options, `${typed.node.op} backward input`, kind),
    ...work,
    read: out,
    written: into,
  }
  const weight = {
    ...backwardKernel(typed, options, `${typed.node.op} backward weight`, kind),
    ...work,
    read: out + into,
  }
  const isFirst = typed.node.inputs.every((id) => graph.inputs.includes(id))
  return [
    ...(isFirst ? [] : [{ ...input, weights: weights * each }]),
    { ...weight, weights: weights * each, arithmetic: backward.arithmetic },
    ...(filters === kept
      ? []
      : [
          {
            ...backwardKernel(typed, options, 'cast', 'cast'),
            weights: weights * (each + bytesPerElement[kept]),
          },
        ]),
  ]
}

/** A kernel of the backward pass that does nothing yet. */
export const backwardKernel = (
  typed: TypedNode,
  { precision }: ExecutionOptions,
  name: string,
  kind: KernelKind,
): Kernel => ({
  name,
  kind,
  node: typed.index,
  fused: [],
  pass: 'backward',
  macs: 0,
  arithmetic: 0,
  type: precise[precision].computes,
  unit: 'vector',
  read: 0,
  written: 0,
  weights: 0,
})

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
export function inPlaceNorms(view: GraphView, options: ExecutionOptions): InPlaceNorms | undefined {
  if (options.abn !== 'inplace') return undefined
  const norms = view.nodes.filter(({ node }) => node.op === 'abn')
  if (norms.length === 0) return undefined
  const others = norms.filter((norm) => !isInPlace(norm, options))
  const names = new Set(others.map(({ node: { attributes } }) => nameOf(attributes)))
  return { norms: norms.length, in_place: norms.length - others.length, not_invertible: [...names].sort() }
}

/** Whether an activation can be inverted may depend on the number that it takes, which is named too. */
const nameOf = ({ activation, slope }: Attributes): string => {
  const name = activationNames.find((one) => one === activation)
  const takesNumber = name !== undefined && activationOf(name).parameter !== undefined
  return takesNumber ? `${name}(${String(slope)})` : String(activation)
}
