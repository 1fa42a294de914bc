import type { Attributes } from './ops/definition.ts'
import { elements, formatShape, sameShape, tensor, type TensorType } from './tensor-type.ts'

/** A sentence's end that says what is wrong: "adds tensors of 8 and 4 x 1". */
type Fault = string

/** One operation on parameters: the type of its result, and the result itself, in float64. */
interface Derivation {
  readonly arity: number
  /** JSON Schema of the attributes. */
  readonly attributes: Readonly<Record<string, unknown>>
  readonly infer: (inputs: readonly TensorType[], attributes: Attributes) => TensorType | Fault
  readonly evaluate: (
    inputs: readonly ParameterValues[],
    attributes: Attributes,
    type: TensorType,
  ) => Float64Array
}

/** The numbers of a parameter in logical layout (OIHW, OI, C), and its type. */
export interface ParameterValues {
  readonly type: TensorType
  readonly data: Float64Array
}

const number = { type: 'number' }

/** [top, right, bottom, left]: how many zeros stand on each side of a kernel. */
const sides = { type: 'array', items: { type: 'integer', minimum: 0, maximum: 64 }, minItems: 4, maxItems: 4 }

const sizes = {
  type: 'array',
  items: { type: 'integer', minimum: 1, maximum: 2 ** 31 - 1 },
  minItems: 1,
  maxItems: 8,
}

/** Two tensors element by element; an axis of size 1 repeats, and both have as many axes. */
const elementwise = (combine: (a: number, b: number) => number): Derivation => ({
  arity: 2,
  attributes: {},
  infer: ([a = none, b = none]) => broadcast(a, b) ?? `combines ${formatShape(a)} and ${formatShape(b)}`,
  evaluate: ([a = empty, b = empty], _, type) => combined(a, b, type.shape, combine),
})

const unary = (
  attributes: Derivation['attributes'],
  apply: (x: number, attributes: Attributes) => number,
): Derivation => ({
  arity: 1,
  attributes,
  infer: ([input = none]) => input,
  evaluate: ([input = empty], given) => input.data.map((x) => apply(x, given)),
})

/** A kernel [O, I, kh, kw] with zeros around it, so that it fits a larger window. */
const pad: Derivation = {
  arity: 1,
  attributes: { padding: sides },
  infer: ([input = none], attributes) => {
    const [outputs, inputs, height, width, ...more] = input.shape
    if (width === undefined || more.length > 0)
      return `pads kernels of four axes, and this has ${formatShape(input)}`
    const [top, right, bottom, left] = paddingOf(attributes)
    return tensor(outputs ?? 1, inputs ?? 1, (height ?? 1) + top + bottom, width + left + right)
  },
  evaluate: ([input = empty], attributes, { shape }) => {
    const [top, , , left] = paddingOf(attributes)
    const [, , height = 1, width = 1] = input.type.shape
    const [, , tall = 1, wide = 1] = shape
    const data = new Float64Array(elements({ shape }))
    input.data.forEach((x, index) => {
      const [column, row] = [index % width, Math.floor(index / width) % height]
      const filter = Math.floor(index / (width * height))
      data[(filter * tall + row + top) * wide + column + left] = x
    })
    return data
  },
}

/** The same numbers under another shape. */
const reshape: Derivation = {
  arity: 1,
  attributes: { shape: sizes },
  infer: ([input = none], attributes) => {
    const { shape } = attributes
    const result = tensor(...(Array.isArray(shape) ? (shape as readonly number[]) : []))
    return elements(result) === elements(input)
      ? result
      : `cannot make ${formatShape(result)} of ${formatShape(input)}`
  },
  evaluate: ([input = empty]) => input.data,
}

/** What parameters are derived by. Each operation works on whole tensors and knows nothing of networks. */
export const derivations = {
  add: elementwise((a, b) => a + b),
  subtract: elementwise((a, b) => a - b),
  multiply: elementwise((a, b) => a * b),
  /** x + by. */
  offset: {
    ...unary({ by: number }, (x, { by }) => x + Number(by)),
    infer: ([input = none], { by }) => (Number.isFinite(by) ? input : 'adds no number'),
  },
  /** 1 / sqrt(x). */
  rsqrt: unary({}, (x) => 1 / Math.sqrt(x)),
  pad,
  reshape,
} as const satisfies Readonly<Record<string, Derivation>>

export type DerivationName = keyof typeof derivations

export const derivationNames = Object.keys(derivations) as readonly DerivationName[]

/** The type of what an operation gives, or what is wrong with its inputs. */
export function inferDerived(
  operation: DerivationName,
  inputs: readonly TensorType[],
  attributes: Attributes,
): TensorType | Fault {
  const { arity, infer } = derivations[operation]
  if (inputs.length !== arity) return `takes ${arity} parameters, not ${inputs.length}`
  return infer(inputs, attributes)
}

const none = tensor()
const empty: ParameterValues = { type: none, data: new Float64Array() }

const paddingOf = ({ padding }: Attributes): readonly [number, number, number, number] => {
  const [top = 0, right = 0, bottom = 0, left = 0] = typeof padding === 'object' ? padding : []
  return [top, right, bottom, left]
}

function broadcast(a: TensorType, b: TensorType): TensorType | undefined {
  if (sameShape(a, b)) return a
  if (a.shape.length !== b.shape.length) return undefined
  const fits = a.shape.every((size, axis) => size === b.shape[axis] || size === 1 || b.shape[axis] === 1)
  return fits ? tensor(...a.shape.map((size, axis) => Math.max(size, b.shape[axis] ?? 1))) : undefined
}

/** Walks the result axis by axis; an operand whose axis has size 1 stays where it is on it. */
function combined(
  a: ParameterValues,
  b: ParameterValues,
  shape: readonly number[],
  combine: (a: number, b: number) => number,
): Float64Array {
  const data = new Float64Array(elements({ shape }))
  const [ofA, ofB] = [steps(a.type.shape), steps(b.type.shape)]
  let next = 0
  const walk = (axis: number, atA: number, atB: number): void => {
    const [size = 1, stepA = 0, stepB = 0] = [shape[axis], ofA[axis], ofB[axis]]
    const isLast = axis >= shape.length - 1
    for (let i = 0; i < size; i++) {
      if (isLast) data[next++] = combine(a.data[atA + i * stepA] ?? 0, b.data[atB + i * stepB] ?? 0)
      else walk(axis + 1, atA + i * stepA, atB + i * stepB)
    }
  }
  walk(0, 0, 0)
  return data
}

/** How far apart neighbours along each axis are; 0 where the axis repeats. */
const steps = (shape: readonly number[]): readonly number[] =>
  shape.map((size, axis) => (size === 1 ? 0 : elements({ shape: shape.slice(axis + 1) })))
