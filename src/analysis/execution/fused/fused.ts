import type { Graph } from '../../../ir/graph.ts'
import type { Forward } from '../../../ir/ops/definition.ts'
import { sum } from '../../../ir/sum.ts'
import { defaultExecution, type Execution, type ExecutionOptions, type Kernel } from '../kernel.ts'
import { kindOfNode } from '../kinds.ts'
import { allParameters } from '../parameters.ts'
import { bytesPerElement, INDEX_BYTES, precise } from '../precision.ts'
import { typedNodes, type TypedNode } from '../types.ts'
import { updateKernels } from '../eager/update.ts'
import { backwardKernels } from './backward.ts'
import { groupsOf, sizeOfValue, type Group, type Grouping } from './groups.ts'
import { outsideValues, usesOf, type Uses } from './uses.ts'

/**
 * A graph as a compiler that fuses runs it (TensorRT, XLA, TorchInductor): pointwise operators are done where their
 * input is made, so that only what other kernels need goes through memory. Everything is kept in the type that filters
 * compute in; at inference the weights are too.
 * @param asked what differs from `defaultExecution`
 */
export function fused(graph: Graph, asked: Partial<ExecutionOptions> = {}): Execution {
  const options = { ...defaultExecution, ...asked }
  const nodes = typedNodes(graph)
  const grouping = groupsOf(graph, nodes, options)
  const uses = usesOf(graph, nodes, grouping)
  const forward = grouping.groups.map((group) => forwardKernel(graph, group, grouping, uses, options))
  const training =
    options.mode === 'training'
      ? [...backwardKernels(graph, grouping, uses, options), ...updateKernels(graph, nodes, options)]
      : []
  return { engine: 'fused', options, kernels: [...forward, ...training] }
}

function forwardKernel(
  graph: Graph,
  group: Group,
  grouping: Grouping,
  uses: Uses,
  options: ExecutionOptions,
): Kernel {
  const { computes, unit, filters } = precise[options.precision]
  const each = bytesPerElement[filters]
  const { kind, filter } = kindOfNode(group.head)
  const passes = group.members.map((member) => passOf(member, options))
  const read = readsOf(graph, group, grouping, options)
  const writes = writesOf(graph, group, uses, options)
  const indices = passes.reduce((sum, pass) => sum + (options.mode === 'training' ? pass.indices : 0), 0)
  return {
    name: group.members.map(({ node }) => node.op).join(' + '),
    kind,
    node: group.head.index,
    fused: group.members.slice(1).map(({ index }) => index),
    pass: 'forward',
    macs: passes.reduce((sum, { macs, fixedMacs }) => sum + macs + fixedMacs, 0),
    arithmetic: passes.reduce((sum, { arithmetic }) => sum + arithmetic, 0),
    type: computes,
    unit: filter !== undefined && kind !== 'depthwise' ? unit : 'vector',
    read: read * each,
    written: writes * each + indices * INDEX_BYTES,
    weights: group.members.reduce((sum, { node }) => sum + allParameters(graph, node), 0) * each,
    ...(filter === undefined ? {} : { filter }),
  }
}

/** Elements of the distinct values that a kernel takes from memory; of the head's, as many as it reads. */
function readsOf(
  graph: Graph,
  { head, members }: Group,
  { source }: Grouping,
  options: ExecutionOptions,
): number {
  const own = new Set(members.flatMap(({ node }) => node.outputs))
  const { reads } = passOf(head, options)
  const seen = new Set(head.node.inputs.map(source))
  let read = sum(reads)
  if (members.length > 1) read += untouchedBy(graph, head, options)
  for (const { node } of members.slice(1))
    for (const id of node.inputs.map(source)) {
      if (own.has(id) || seen.has(id)) continue
      seen.add(id)
      read += sizeOfValue(graph, id)
    }
  return read
}

/**
 * Elements of what a kernel makes for others. What its head leaves as it is (a partial convolution most channels, Chen
 * et al. 2023, equation 2) stays where it is, unless something follows in the same kernel.
 */
function writesOf(graph: Graph, group: Group, uses: Uses, options: ExecutionOptions): number {
  const given = outsideValues(group, uses).reduce((sum, id) => sum + sizeOfValue(graph, id), 0)
  return group.members.length > 1 ? given : given - untouchedBy(graph, group.head, options)
}

function untouchedBy(graph: Graph, head: TypedNode, options: ExecutionOptions): number {
  const made = sum(passOf(head, options).writes)
  return head.node.outputs.reduce((sum, id) => sum + sizeOfValue(graph, id), 0) - made
}

const passOf = ({ cost }: TypedNode, { mode }: ExecutionOptions): Forward =>
  mode === 'training' ? cost.training : cost.inference
