import type { Graph } from '../../ir/graph.ts'
import { sum } from '../../ir/sum.ts'
import type { ExecutionOptions, Filter, Kernel, KernelKind } from './kernel.ts'
import { allParameters } from './parameters.ts'
import { bytesPerElement, precise } from './precision.ts'
import type { TypedNode } from './types.ts'

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
