import type { Graph } from '../../../ir/graph.ts'
import { activationCosts } from '../../../ir/ops/activation-costs.ts'
import { activationNames } from '../../../ir/ops/activation-names.ts'
import { batchNormCost } from '../../../ir/ops/norm-costs.ts'
import { totalElements } from '../../../ir/ops/cost.ts'
import { backwardKernel } from '../filter-backward.ts'
import { isInPlace } from '../in-place.ts'
import type { ExecutionOptions, Kernel } from '../kernel.ts'
import { learnedBytes } from '../learned-bytes.ts'
import type { TypedNode } from '../types.ts'

/**
 * The gradients of an activated batch norm that runs as two operators: the activation's, then the norm's. `undefined`
 * for one in place, and for any other operator.
 * @param each bytes of an element
 */
export function separateBackward(
  graph: Graph,
  typed: TypedNode,
  options: ExecutionOptions,
  each: number,
): Kernel[] | undefined {
  if (typed.node.op !== 'abn' || isInPlace(typed, options)) return undefined
  const size = totalElements(typed.inputs)
  const { read, written, arithmetic } = batchNormCost(typed.inputs).backward
  const name = activationNames.find((one) => one === typed.node.attributes['activation'])
  const activation =
    name === undefined
      ? []
      : [
          {
            ...backwardKernel(typed, options, `${name} backward`, 'pointwise'),
            read: 2 * size * each,
            written: size * each,
            arithmetic: activationCosts[name].backward * size,
          },
        ]
  const norm = {
    ...backwardKernel(typed, options, 'batch_norm backward', 'norm'),
    read: read * each,
    written: written * each,
    arithmetic,
    weights: learnedBytes(graph, typed.node, options),
  }
  return [...activation, norm]
}
