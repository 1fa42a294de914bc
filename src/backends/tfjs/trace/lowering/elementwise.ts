import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { Recorder, Work } from '../recorder.ts'

/**
 * Every kernel of tfjs that works element by element. Unless a backend's own table says otherwise it is one pass over its
 * input or inputs; that is how tfjs 4.22 has all of them on all backends but `Prelu` on tfjs-node. The operations of an
 * element are a default too: one, where `operations` does not say more.
 */
const unaryKernels = [
  'Abs',
  'Acos',
  'Acosh',
  'Asin',
  'Asinh',
  'Atan',
  'Atanh',
  'Ceil',
  'Cos',
  'Cosh',
  'Elu',
  'Erf',
  'Exp',
  'Expm1',
  'Floor',
  'LeakyRelu',
  'Log',
  'Log1p',
  'Neg',
  'Reciprocal',
  'Relu',
  'Relu6',
  'Round',
  'Rsqrt',
  'Selu',
  'Sigmoid',
  'Sign',
  'Sin',
  'Sinh',
  'Softplus',
  'Sqrt',
  'Square',
  'Step',
  'Tan',
  'Tanh',
] as const

const binaryKernels = [
  'Add',
  'Atan2',
  'Equal',
  'FloorDiv',
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
  'Maximum',
  'Minimum',
  'Mod',
  'Multiply',
  'NotEqual',
  'Pow',
  'RealDiv',
  'SquaredDifference',
  'Sub',
] as const

type UnaryKernel = (typeof unaryKernels)[number]
type BinaryKernel = (typeof binaryKernels)[number]
export type ElementwiseKernel = UnaryKernel | BinaryKernel | 'Prelu'

/** Elementary operations of an element (`src/ir/ops/definition.ts`), where it is not one. */
const operations: { readonly [N in ElementwiseKernel]?: number } = {
  /** A comparison and `expm1`. */
  Elu: 2,
  /** A comparison and a product. */
  LeakyRelu: 2,
  Prelu: 2,
  /** Two comparisons. */
  Relu6: 2,
  /** A root and a division. */
  Rsqrt: 2,
  /** A comparison, `expm1` and two products. */
  Selu: 4,
  /** Negate, exp, add, divide. */
  Sigmoid: 4,
  /** Exp, add, log. */
  Softplus: 3,
  SquaredDifference: 2,
}

/** What launches are called; others by the name of their kernel in lower case. */
const shortNames: { readonly [N in ElementwiseKernel]?: string } = { Multiply: 'mul', RealDiv: 'div' }

/** A pass over `elements` results. */
export const elementwiseWork = (kernel: ElementwiseKernel, elements: number): Work => ({
  name: shortNames[kernel] ?? kernel.toLowerCase(),
  kind: 'pointwise',
  arithmetic: (operations[kernel] ?? 1) * elements,
})

/** A backend's form of a pass over one tensor, and over two of which one may be repeated. */
export interface ElementwisePasses {
  readonly unary: (device: Recorder, kernel: UnaryKernel, x: TensorInfo) => TensorInfo
  readonly binary: (
    device: Recorder,
    kernel: BinaryKernel | 'Prelu',
    a: TensorInfo,
    b: TensorInfo,
  ) => TensorInfo
}

/** An elementwise kernel, called with its inputs by name. */
type ElementwiseLowering = (call: {
  readonly inputs: Readonly<Record<string, TensorInfo | undefined>>
  readonly device: Recorder
}) => TensorInfo

/** All elementwise kernels in a backend's form of a pass: its defaults. */
export function elementwiseLowerings({
  unary,
  binary,
}: ElementwisePasses): Readonly<Record<ElementwiseKernel, ElementwiseLowering>> {
  const one = (kernel: UnaryKernel): ElementwiseLowering => {
    return ({ inputs, device }) => unary(device, kernel, given(inputs['x'], kernel))
  }
  const two = (kernel: BinaryKernel | 'Prelu', a: string, b: string): ElementwiseLowering => {
    return ({ inputs, device }) => binary(device, kernel, given(inputs[a], kernel), given(inputs[b], kernel))
  }
  return Object.fromEntries([
    ...unaryKernels.map((kernel) => [kernel, one(kernel)] as const),
    ...binaryKernels.map((kernel) => [kernel, two(kernel, 'a', 'b')] as const),
    ['Prelu', two('Prelu', 'x', 'alpha')] as const,
  ]) as Record<ElementwiseKernel, ElementwiseLowering>
}

function given(input: TensorInfo | undefined, kernel: string): TensorInfo {
  if (!input) throw new Error(`${kernel} was called without one of its inputs`)
  return input
}
