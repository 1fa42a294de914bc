import { activationNames, type ActivationName } from '../ir/ops/activations.ts'
import { totalElements } from '../ir/ops/cost.ts'
import type { Attributes } from '../ir/ops/definition.ts'
import { operatorOf, type AttributesOf, type OpName } from '../ir/ops/index.ts'
import type { Pair } from '../ir/ops/geometry.ts'
import { sizesOf } from '../ir/ops/tensors.ts'
import type { TensorType } from '../ir/tensor-type.ts'
import type { GraphView, TypedNode } from '../ir/view.ts'

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
export const elementsOf = (typed: TypedNode): ElementCounts => counterOf(typed.node.op)(siteOf(typed))

/** Sums of a graph. */
export function elementCounts(view: GraphView): ElementCounts {
  const sums: Partial<Record<ElementKind, number>> = {}
  for (const typed of view.nodes) {
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
  read: totalElements(inputs),
  written: totalElements(outputs),
})

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

/** What does not count its results as its own kind, moved elements as copies, and views as nothing. */
const special: { readonly [N in OpName]?: Counter<AttributesOf<N>> } = {
  abn: ({ attributes, written }) => ({ batch_norm: written, ...activation(attributes.activation, written) }),
  add: joined('add'),
  avg_pool: windows('avg_pool'),
  blur_pool: framed,
  conv: biased,
  drop_path: none,
  dropout: none,
  global_avg_pool: ({ read }) => ({ global_avg_pool: read }),
  linear: biased,
  max_pool: windows('max_pool'),
  mul: joined('mul'),
  partial_conv: ({ attributes: { channels, bias }, inputs, written }) => {
    const [height, width] = sizesOf(inputs).size
    return { concat: written, ...(bias ? { bias: channels * height * width } : {}) }
  },
}

/** The attributes of a node are its own operator's (`infer` refuses others), which the type of a union cannot say. */
function counterOf(op: OpName): Counter<Attributes> {
  const own = special[op] as Counter<Attributes> | undefined
  if (own !== undefined) return own
  const kind = elementKinds.find((name) => name === op)
  if (kind !== undefined) return results(kind)
  const { work } = operatorOf(op)
  if (work === 'view') return none
  if (work === 'copy') return results('copy')
  throw new Error(`it is not known what ${op} counts`)
}
