import type { Attributes } from '../../ir/ops/definition.ts'
import { operatorOf, type AttributesOf, type OpName } from '../../ir/ops/index.ts'
import {
  conv,
  linear,
  partialConv,
  abn,
  blurPool,
  chained,
  dropped,
  layerNorm,
  parts,
  pass,
  reduced,
  reshape,
  scale,
  softmax,
} from './forward.ts'
import { type Site, siteOf, startingValues } from './site.ts'
import type { Graph } from '../../ir/graph.ts'
import { elements } from '../../ir/tensor-type.ts'
import {
  type ExecutionOptions,
  type Kernel,
  defaultExecution,
  type Execution,
  bytesPerElement,
  precise,
} from '../kernel.ts'
import { typeOf, type TypedNode, GraphView } from '../../ir/view.ts'
import { backwardKernels } from './backward.ts'

/** Appends the kernels that PyTorch launches for a node, and notes how its results are kept. */
type Lowering<A extends Attributes = Attributes> = (site: Site<A>) => void

/** What is not one kernel that reads its inputs and writes its results, as the operator's cost has them. */
const special: { readonly [N in OpName]?: Lowering<AttributesOf<N>> } = {
  abn,
  add: chained('add'),
  blur_pool: blurPool,
  conv,
  drop_path: dropped,
  dropout: dropped,
  flatten: reshape,
  layer_norm: layerNorm,
  linear,
  mul: chained('mul'),
  partial_conv: partialConv,
  reshape,
  scale,
  slice: parts,
  softmax,
  split: parts,
  upsample: reduced('upsample', 'pointwise'),
}

/**
 * A filter's efficiency depends on its shape, so that each has a lowering of its own. A node's attributes are its own
 * operator's (`infer` refuses others), which the type of a union cannot say.
 */
export function loweringOf(op: OpName): Lowering {
  const own = special[op] as Lowering | undefined
  if (own !== undefined) return own
  const { work } = operatorOf(op)
  if (work === 'filter' || work === 'view') throw new Error(`${op} has no lowering for eager execution`)
  return pass(op, work)
}

/** SGD with momentum reads weight, gradient and momentum, and writes weight and momentum. */
const NUMBERS_PER_PARAMETER = 5
/** m = mu * m + g + decay * w; w = w - rate * m. */
const OPERATIONS_PER_PARAMETER = 6

/** The optimiser's step, a kernel for each operator that learns something. */
export function updateKernels(
  graph: Graph,
  nodes: readonly TypedNode[],
  { precision }: ExecutionOptions,
): Kernel[] {
  const { kept } = precise[precision]
  const trainable = new Set(graph.parameters.filter((each) => each.trainable).map(({ value }) => value))
  return nodes.flatMap(({ node, index }): Kernel[] => {
    const learned = Object.values(node.parameters).filter((id) => trainable.has(id))
    const size = learned.reduce((sum, id) => sum + elements(typeOf(graph, id)), 0)
    if (size === 0) return []
    return [
      {
        name: 'update',
        kind: 'pointwise',
        node: index,
        fused: [],
        pass: 'update',
        macs: 0,
        arithmetic: OPERATIONS_PER_PARAMETER * size,
        type: kept,
        unit: 'vector',
        read: 0,
        written: 0,
        weights: NUMBERS_PER_PARAMETER * bytesPerElement[kept] * size,
      },
    ]
  })
}

/**
 * A graph as PyTorch runs it without a compiler: every operator is at least one kernel that reads its inputs from
 * memory and writes its outputs there. With `mixed` precision, as autocast to fp16 has it: convolutions and linear layers
 * in fp16, a few reductions in fp32, the rest in the wider type of its inputs, and each cast a kernel of its own.
 * @param asked what differs from `defaultExecution`
 */
export function eager(graph: Graph, asked: Partial<ExecutionOptions> = {}): Execution {
  const options = { ...defaultExecution, ...asked }
  const kernels: Kernel[] = []
  const values = startingValues(graph, options)
  const view = new GraphView(graph)
  const { nodes } = view
  for (const typed of nodes) loweringOf(typed.node.op)(siteOf(typed, graph, options, values, kernels))
  if (options.mode === 'training') {
    kernels.push(...backwardKernels(graph, nodes, options, values))
    kernels.push(...updateKernels(graph, nodes, options))
  }
  return { view, engine: 'eager', options, kernels }
}
