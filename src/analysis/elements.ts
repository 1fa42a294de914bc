import type { Graph } from '../ir/graph.ts'
import { activationNames, type ActivationName } from '../ir/ops/activation-names.ts'
import type { Attributes } from '../ir/ops/definition.ts'
import type { AttributesOf, OpName } from '../ir/ops/index.ts'
import type { Pair } from '../ir/ops/geometry.ts'
import { sizesOf } from '../ir/ops/tensors.ts'
import { elements, type TensorType } from '../ir/tensor-type.ts'
import { typedNodes, type TypedNode } from './execution/types.ts'

/** What counters leave out: work and movement beside multiply-accumulates, by what does it. */
const elementKinds = [
  'bias',
  'batch_norm',
  'layer_norm',
  ...activationNames,
  'softmax',
  'add',
  'mul',
  'scale',
  'max_pool',
  'avg_pool',
  'global_avg_pool',
  'concat',
  'pad',
  'copy',
  'upsample',
] as const

export type ElementKind = (typeof elementKinds)[number]

export type ElementCounts = Readonly<Partial<Record<ElementKind, number>>>

/**
 * Elements that a node works on at inference, for one image: the results of norms, activations, sums and products (of n
 * tensors: n - 1 times) and of what moves; of pools the elements of all windows, of a global mean those of the map.
 * Views count nothing. Where PyTorch carries an operator out in several steps, those count: a partial convolution joins
 * the whole map again, a blur pads its map first.
 */
export function elementsOf(typed: TypedNode): ElementCounts {
  // The attributes of a node are its own operator's: `infer` has seen to it.
  const count = counters[typed.node.op] as Counter<Attributes>
  return count(siteOf(typed))
}

/** Sums of a graph. */
export function elementCounts(graph: Graph): ElementCounts {
  const sums: Partial<Record<ElementKind, number>> = {}
  for (const typed of typedNodes(graph)) {
    const counts = elementsOf(typed)
    for (const kind of elementKinds) {
      const amount = counts[kind]
      if (amount !== undefined) sums[kind] = (sums[kind] ?? 0) + amount
    }
  }
  return sums
}

interface Site<A> {
  readonly attributes: A
  readonly inputs: readonly TensorType[]
  /** Elements of all inputs, and of all outputs. */
  readonly read: number
  readonly written: number
}

const siteOf = ({ node, inputs, outputs }: TypedNode): Site<Attributes> => ({
  attributes: node.attributes,
  inputs,
  read: sum(inputs),
  written: sum(outputs),
})

const sum = (types: readonly TensorType[]): number => types.reduce((all, type) => all + elements(type), 0)

type Counter<A = unknown> = (site: Site<A>) => ElementCounts

const results =
  (kind: ElementKind): Counter =>
  ({ written }) => ({ [kind]: written })
const joined =
  (kind: 'add' | 'mul'): Counter =>
  ({ inputs, written }) => ({ [kind]: (inputs.length - 1) * written })
const none: Counter = () => ({})

const windows =
  (kind: 'max_pool' | 'avg_pool'): Counter<{ readonly kernel: Pair }> =>
  ({ attributes: { kernel }, written }) => ({ [kind]: kernel[0] * kernel[1] * written })

const biased: Counter<{ readonly bias: boolean }> = ({ attributes, written }) =>
  attributes.bias ? { bias: written } : {}

const activation = (name: ActivationName | 'none', written: number): ElementCounts =>
  name === 'none' ? {} : { [name]: written }

/** Two pixels more along each axis of a map. */
const framed: Counter = ({ inputs }) => {
  const { channels, size } = sizesOf(inputs)
  return { pad: channels * (size[0] + 2) * (size[1] + 2) }
}

const counters: { readonly [N in OpName]: Counter<AttributesOf<N>> } = {
  abn: ({ attributes, written }) => ({ batch_norm: written, ...activation(attributes.activation, written) }),
  add: joined('add'),
  avg_pool: windows('avg_pool'),
  batch_norm: results('batch_norm'),
  blur_pool: framed,
  channel_shuffle: results('copy'),
  concat: results('concat'),
  conv: biased,
  depth_to_space: results('copy'),
  drop_path: none,
  dropout: none,
  flatten: none,
  gelu: results('gelu'),
  global_avg_pool: ({ read }) => ({ global_avg_pool: read }),
  hard_sigmoid: results('hard_sigmoid'),
  hard_swish: results('hard_swish'),
  layer_norm: results('layer_norm'),
  leaky_relu: results('leaky_relu'),
  linear: biased,
  max_pool: windows('max_pool'),
  mul: joined('mul'),
  pad: results('pad'),
  partial_conv: ({ attributes: { channels, bias }, inputs, written }) => {
    const [height, width] = sizesOf(inputs).size
    return { concat: written, ...(bias ? { bias: channels * height * width } : {}) }
  },
  relu: results('relu'),
  relu6: results('relu6'),
  reshape: none,
  scale: results('scale'),
  sigmoid: results('sigmoid'),
  silu: results('silu'),
  slice: none,
  softmax: results('softmax'),
  space_to_depth: results('copy'),
  split: none,
  tanh: results('tanh'),
  upsample: results('upsample'),
}
