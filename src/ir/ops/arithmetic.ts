import { elements, tensor, type TensorType } from '../tensor-type.ts'
import { backward, totalElements, forward, inBothModes, savesInputs, savesNothing } from './cost.ts'
import {
  isProblem,
  problem,
  type Attributes,
  type Cost,
  type Problem,
  type ReferenceEntry,
} from './definition.ts'
import { MAX_PARTS, finite } from './kinds.ts'
import { operator, type Operator } from './operator.ts'
import { spelling, argument } from './spelling.ts'
import { sameType, sizesOf } from './tensors.ts'
import { softmaxCost } from './norms.ts'

interface Text<N> {
  readonly name: N
  readonly doc: string
  readonly spellingDoc: string
  readonly reference: ReferenceEntry
}

/** An operator over two or more tensors, element by element; an axis of size 1 is repeated. */
const elementwise = <const N extends 'add' | 'mul'>({
  name,
  doc,
  spellingDoc,
  reference,
}: Text<N>): Operator<N, Attributes, 'none'> =>
  operator({
    name,
    doc,
    takes: 'any',
    work: 'pointwise',
    counters: 'none',
    reference,
    inputs: { min: 2, max: MAX_PARTS },
    attributes: {},
    spellings: [spelling({ name, doc: spellingDoc, arguments: {}, attributes: () => ({}) })],
    infer: (_, inputs) => broadcastAll(name, inputs),
    cost: (_, inputs, outputs) => (name === 'add' ? sumCost(inputs, outputs) : productCost(inputs, outputs)),
  })

/** Gradients of a sum pass as they are; that of a repeated input is the sum over its repetitions. */
function sumCost(inputs: readonly TensorType[], outputs: readonly TensorType[]): Cost {
  const out = totalElements(outputs)
  const repeated = inputs.filter((input) => elements(input) < out)
  const work = { arithmetic: (inputs.length - 1) * out }
  const back = backward(repeated.length * out, totalElements(repeated), { arithmetic: sumsOf(repeated, out) })
  return inBothModes(forward(inputs, outputs, work), back, savesNothing)
}

/** The gradient of each input is g times the others, summed where it is repeated. */
function productCost(inputs: readonly TensorType[], outputs: readonly TensorType[]): Cost {
  const out = totalElements(outputs)
  const products = inputs.length * (inputs.length - 1) * out
  return inBothModes(
    forward(inputs, outputs, { arithmetic: (inputs.length - 1) * out }),
    backward(inputs.length * out + (inputs.length - 1) * totalElements(inputs), totalElements(inputs), {
      arithmetic: products + sumsOf(inputs, out),
    }),
    savesInputs(...inputs.keys()),
  )
}

/** Additions that join the gradients of every repetition: n - 1 for an element that is repeated n times. */
const sumsOf = (inputs: readonly TensorType[], out: number): number =>
  inputs.reduce((sum, input) => sum + out - elements(input), 0)

function broadcastAll(op: 'add' | 'mul', inputs: readonly TensorType[]): readonly TensorType[] | Problem {
  let shape = inputs[0]?.shape ?? []
  for (const [index, input] of inputs.entries()) {
    const joined = broadcast(op, shape, input.shape, index)
    if (isProblem(joined)) return joined
    shape = joined
  }
  return [tensor(...shape)]
}

/** The common shape, as NumPy broadcasts equal ranks; E0312 names the first axis that differs. */
function broadcast(
  op: 'add' | 'mul',
  a: readonly number[],
  b: readonly number[],
  input: number,
): readonly number[] | Problem {
  if (a.length !== b.length) return problem('E0312', { op, axis: 'rank', a, b }, { input })
  const axis = a.findIndex((size, index) => size !== b[index] && size !== 1 && b[index] !== 1)
  if (axis >= 0)
    return problem(
      'E0312',
      { op, axis: (['channels', 'height', 'width'] as const)[axis] ?? 'rank', a, b },
      { input },
    )
  return a.map((size, index) => Math.max(size, b[index] ?? 1))
}

const add = elementwise({
  name: 'add',
  reference: {
    chapter: 'Combining tensors',
    result: 'the common shape; along each axis sizes must be equal, or 1',
    examples: { add: ['64 x 56 x 56', 'add(x, x)'] },
  },
  doc: 'The sum of two or more tensors; an axis of size 1 is repeated to the size of the others.',
  spellingDoc: 'Adds tensors: `a + b`, or `add(a, b, c)`.',
})

const mul = elementwise({
  name: 'mul',
  reference: {
    chapter: 'Combining tensors',
    result: 'the common shape; along each axis sizes must be equal, or 1',
    examples: { mul: ['64 x 56 x 56', 'mul(x, x -> global_avg_pool)'] },
  },
  doc:
    'The product of two or more tensors, element by element; an axis of size 1 is repeated to the size of the ' +
    'others, as the gates [C, 1, 1] of channel attention are.',
  spellingDoc: 'Multiplies tensors: `a * b`, or `mul(a, b)`.',
})

const scale = operator({
  name: 'scale',
  doc: 'weight * x with one learned factor a channel (layer scale: Touvron et al. 2021, arXiv:2103.17239).',
  takes: 'any',
  work: 'pointwise',
  counters: 'none',
  reference: {
    chapter: 'Learned layers',
    result: 'the shape of its input',
    examples: { scale: ['64 x 56 x 56', 'x -> scale(1e-6)'] },
  },
  attributes: { initial: finite },
  spellings: [
    spelling({
      name: 'scale',
      doc: 'Multiplies each channel by a learned factor.',
      arguments: { initial: argument(finite, 'What the factors start with.', 1) },
      attributes: ({ initial }) => ({ initial }),
    }),
  ],
  infer: sameType,
  // Backward: g * weight for the input, and the sum of g * x for each factor.
  cost: (_, inputs) =>
    inBothModes(
      forward(inputs, inputs, { arithmetic: totalElements(inputs) }),
      backward(3 * totalElements(inputs), totalElements(inputs), { arithmetic: 3 * totalElements(inputs) }),
      savesInputs(0),
    ),
  parameters: ({ initial }, inputs) => [
    {
      role: 'weight',
      shape: [sizesOf(inputs).channels],
      trainable: true,
      initial: { kind: 'constant', value: initial },
    },
  ],
})

const softmax = operator({
  name: 'softmax',
  doc: 'exp(x) / sum(exp(x)) over the channels, at each position of a map.',
  takes: 'any',
  work: 'reduction',
  counters: 'rules',
  reference: {
    chapter: 'Activations',
    result: 'the shape of its input; not a value of type `activation`',
    examples: { softmax: ['1000 x 1 x 1', 'x -> flatten -> softmax'] },
  },
  attributes: {},
  spellings: [
    spelling({
      name: 'softmax',
      doc: 'Makes probabilities over the channels.',
      arguments: {},
      attributes: () => ({}),
    }),
  ],
  infer: sameType,
  cost: (_, inputs) => softmaxCost(inputs),
})

/** The operators of this file by name, in the order of the reference. */
export const arithmetic = { scale, softmax, add, mul }
