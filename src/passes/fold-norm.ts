import type { Graph, Node, ValueId } from '../ir/graph.ts'
import { Rewriter } from '../ir/rewriter.ts'
import type { TensorType } from '../ir/tensor-type.ts'
import { GraphView, type TypedNode } from '../ir/view.ts'
import { withoutDeadCode } from './dead-code.ts'

/** A filter, and the norm that alone reads what it gives. */
interface Pair {
  readonly filter: TypedNode
  readonly norm: TypedNode
}

/**
 * Folds each batch norm into the convolution or linear layer before it, as it is done at inference (Jacob et al. 2018,
 * arXiv:1712.05877, equation 14). With s = weight / sqrt(running_var + eps) per channel, the filter's weights become
 * w * s, and its bias becomes (bias - running_mean) * s + the norm's bias. The new weights are derived parameters, so that
 * no values are needed. Of an activated batch norm the activation is left. A norm is folded where nothing but it reads
 * what the filter gives: no other operator, no part that hands it on, and not the network's user.
 */
export function foldNorms(graph: Graph): Graph {
  const folded = foldOnce(graph)
  // A second norm behind the first has the filter before it now.
  return folded === undefined ? graph : foldNorms(folded)
}

/** Nothing where there is no norm to fold. */
function foldOnce(graph: Graph): Graph | undefined {
  const view = new GraphView(graph)
  const rewriter = new Rewriter(graph)
  const handedOn = new Set(graph.parts.flatMap(({ output, others = [] }) => [output, ...others]))
  const pairs = view.nodes.flatMap((norm): Pair[] => {
    const filter = filterBefore(view, norm, handedOn)
    return filter === undefined ? [] : [{ filter, norm }]
  })
  if (pairs.length === 0) return undefined
  for (const pair of pairs) fold(view, rewriter, pair)
  return withoutDeadCode(rewriter.finish())
}

/** The filter whose results the norm alone reads, and all of which its weights make. */
function filterBefore(
  view: GraphView,
  { node }: TypedNode,
  handedOn: ReadonlySet<ValueId>,
): TypedNode | undefined {
  const [input = -1] = node.inputs
  const filter = view.producerOf(input)
  if (node.op !== 'batch_norm' && node.op !== 'abn') return undefined
  if (filter?.node.op !== 'conv' && filter?.node.op !== 'linear') return undefined
  const isShared = view.isReturned(input) || handedOn.has(input) || view.readersOf(input).length > 1
  return isShared ? undefined : filter
}

function fold(view: GraphView, rewriter: Rewriter, { filter, norm }: Pair): void {
  const { weight, running_var } = norm.node.parameters
  const own = filter.node.parameters.weight
  if (weight === undefined || running_var === undefined || own === undefined)
    throw new Error(`${norm.node.path} or ${filter.node.path} lacks a parameter`)
  const eps = Number(norm.node.attributes['eps'])
  const root = rewriter.derive('rsqrt', [rewriter.derive('offset', [running_var], { by: eps })])
  const factor = rewriter.derive('multiply', [weight, root])
  const perFilter = rewriter.derive('reshape', [factor], { shape: perFilterShape(view.typeOf(own)) })
  rewriter.replace(filter.node, {
    attributes: { ...filter.node.attributes, bias: true },
    parameters: {
      weight: rewriter.derive('multiply', [own, perFilter]),
      bias: foldedBias(rewriter, { filter, norm }, factor),
    },
  })
  leaveActivation(rewriter, norm.node)
}

/** [O, 1, 1, 1], or [O, 1] for a matrix. */
const perFilterShape = (weight: TensorType): readonly number[] =>
  weight.shape.map((size, axis) => (axis === 0 ? size : 1))

function foldedBias(rewriter: Rewriter, { filter, norm }: Pair, factor: ValueId): ValueId {
  const { bias, running_mean } = norm.node.parameters
  if (bias === undefined || running_mean === undefined) throw new Error(`${norm.node.path} lacks a parameter`)
  const before = filter.node.parameters.bias
  const mean = before === undefined ? running_mean : rewriter.derive('subtract', [running_mean, before])
  return rewriter.derive('subtract', [bias, rewriter.derive('multiply', [mean, factor])])
}

/** What is left of a norm: nothing, or its activation. */
function leaveActivation(rewriter: Rewriter, norm: Node): void {
  const [input = -1] = norm.inputs
  const { activation = 'none', slope = 0 } = norm.attributes
  if (activation === 'none') return rewriter.bypass(norm, input)
  const op = activation as Node['op']
  rewriter.replace(norm, { op, attributes: op === 'leaky_relu' ? { slope } : {}, parameters: {} })
}
