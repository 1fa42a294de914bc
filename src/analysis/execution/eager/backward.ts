import type { Graph, ValueId } from '../../../ir/graph.ts'
import { operatorOf } from '../../../ir/ops/index.ts'
import { elements } from '../../../ir/tensor-type.ts'
import type { ExecutionOptions, Kernel, KernelKind, Filter } from '../kernel.ts'
import { allParameters } from '../parameters.ts'
import { bytesPerElement, INDEX_BYTES, precise } from '../precision.ts'
import { typeOf, type TypedNode } from '../types.ts'
import { kindOfNode } from '../kinds.ts'
import type { Values } from './site.ts'

/**
 * Gradients in reverse order, as autograd walks. A filter has two kernels, for its input's gradient and its weights';
 * whatever else has one, of the operator's own cost. Where a value is used several times, its gradients are added up, a
 * kernel for each use after the first.
 */
export function backwardKernels(
  graph: Graph,
  nodes: readonly TypedNode[],
  options: ExecutionOptions,
  values: Values,
): Kernel[] {
  const seen = new Set<ValueId>(graph.inputs)
  return [...nodes]
    .reverse()
    .flatMap((typed) => [
      ...ownKernels(graph, typed, options, values),
      ...typed.node.inputs.flatMap((id) => accumulation(graph, typed, id, seen, options)),
    ])
}

function ownKernels(graph: Graph, typed: TypedNode, options: ExecutionOptions, values: Values): Kernel[] {
  const { backward } = operatorOf(typed.node.op).cost(typed.node.attributes, typed.inputs, typed.outputs)
  if (backward.read + backward.written === 0) return []
  const each = bytesPerElement[values.storage.get(typed.node.outputs[0] ?? -1) ?? 'fp32']
  const { kind, filter } = kindOfNode(typed)
  if (filter !== undefined && backward.macs > 0) return filterKernels(graph, typed, options, kind, filter)
  const kernel = base(typed, options, `${typed.node.op} backward`, kind)
  return [
    {
      ...kernel,
      macs: backward.fixedMacs,
      arithmetic: backward.arithmetic,
      read: backward.read * each + backward.indices * INDEX_BYTES,
      written: backward.written * each,
      weights: 2 * allParameters(graph, typed.node) * bytesPerElement.fp32,
      ...(filter === undefined ? {} : { filter }),
    },
  ]
}

/** dx = dy * w and dw = dy * x; a picture needs no gradient. The weights' gradient is cast to the type of the weights. */
function filterKernels(
  graph: Graph,
  typed: TypedNode,
  options: ExecutionOptions,
  kind: KernelKind,
  filter: Filter,
): Kernel[] {
  const { cost } = operatorOf(typed.node.op)
  const { inference, backward } = cost(typed.node.attributes, typed.inputs, typed.outputs)
  const { filters, kept, unit } = precise[options.precision]
  const each = bytesPerElement[filters]
  const into = sum(inference.reads) * each
  const out = sum(inference.writes) * each
  const weights = allParameters(graph, typed.node)
  const work = { macs: inference.macs, filter, unit: kind === 'depthwise' ? ('vector' as const) : unit }
  const input = {
    ...base(typed, options, `${typed.node.op} backward input`, kind),
    ...work,
    read: out,
    written: into,
  }
  const weight = {
    ...base(typed, options, `${typed.node.op} backward weight`, kind),
    ...work,
    read: out + into,
  }
  const isFirst = typed.node.inputs.every((id) => graph.inputs.includes(id))
  return [
    ...(isFirst ? [] : [{ ...input, weights: weights * each }]),
    { ...weight, weights: weights * each, arithmetic: backward.arithmetic },
    ...(filters === kept
      ? []
      : [{ ...base(typed, options, 'cast', 'cast'), weights: weights * (each + bytesPerElement[kept]) }]),
  ]
}

function accumulation(
  graph: Graph,
  typed: TypedNode,
  id: ValueId,
  seen: Set<ValueId>,
  options: ExecutionOptions,
): Kernel[] {
  if (graph.inputs.includes(id)) return []
  if (!seen.has(id)) {
    seen.add(id)
    return []
  }
  const size = elements(typeOf(graph, id))
  const each = bytesPerElement[precise[options.precision].filters]
  const kernel = base(typed, options, 'add gradients', 'pointwise')
  return [{ ...kernel, read: 2 * size * each, written: size * each, arithmetic: size }]
}

const base = (typed: TypedNode, { precision }: ExecutionOptions, name: string, kind: KernelKind): Kernel => ({
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

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
