import type {
  AvgPoolAttrs,
  CastAttrs,
  ConcatAttrs,
  Conv2DAttrs,
  DepthToSpaceAttrs,
  DepthwiseConv2dNativeAttrs,
  FillAttrs,
  FusedConv2DAttrs,
  FusedDepthwiseConv2DAttrs,
  MaxPoolAttrs,
  MeanAttrs,
  MirrorPadAttrs,
  NamedTensorInfoMap,
  PadV2Attrs,
  ReshapeAttrs,
  ResizeBilinearAttrs,
  ResizeNearestNeighborAttrs,
  SliceAttrs,
  SoftmaxAttrs,
  SplitVAttrs,
  TensorInfo,
  TransposeAttrs,
  _FusedMatMulAttrs,
} from '@tensorflow/tfjs-core'
import type { Recorder } from '../recorder.ts'

type None = Readonly<Record<string, never>>

/** Every tfjs kernel that the backend's runs may call, with its attributes. */
interface KernelAttributes {
  readonly Add: None
  readonly AvgPool: AvgPoolAttrs
  readonly Cast: CastAttrs
  readonly Concat: ConcatAttrs
  readonly Conv2D: Conv2DAttrs
  readonly DepthToSpace: DepthToSpaceAttrs
  readonly DepthwiseConv2dNative: DepthwiseConv2dNativeAttrs
  readonly Erf: None
  readonly Fill: FillAttrs
  readonly FusedConv2D: FusedConv2DAttrs
  readonly FusedDepthwiseConv2D: FusedDepthwiseConv2DAttrs
  readonly Identity: None
  readonly MaxPool: MaxPoolAttrs
  readonly Mean: MeanAttrs
  readonly MirrorPad: MirrorPadAttrs
  readonly Multiply: None
  readonly PadV2: PadV2Attrs
  readonly Prelu: None
  readonly RealDiv: None
  readonly Relu: None
  readonly Relu6: None
  readonly Reshape: ReshapeAttrs
  readonly ResizeBilinear: ResizeBilinearAttrs
  readonly ResizeNearestNeighbor: ResizeNearestNeighborAttrs
  readonly Rsqrt: None
  readonly Sigmoid: None
  readonly Slice: SliceAttrs
  readonly Softmax: SoftmaxAttrs
  readonly SplitV: SplitVAttrs
  readonly Square: None
  readonly Sub: None
  readonly Tanh: None
  readonly Transpose: TransposeAttrs
  readonly _FusedMatMul: _FusedMatMulAttrs
}

export interface Call<A = unknown> {
  /** By name; of Concat a list. */
  readonly inputs: NamedTensorInfoMap
  readonly attributes: A
  readonly device: Recorder
}

/** What a tfjs kernel launches on one backend; it returns the kernel's outputs. */
export type Lowering<A = unknown> = (call: Call<A>) => TensorInfo | TensorInfo[]

/** How a backend carries out each kernel of tfjs. */
export type Lowerings = { readonly [N in keyof KernelAttributes]: Lowering<KernelAttributes[N]> }

/** An input of a kernel; one that it lacks is this folder's fault. */
export function inputOf({ inputs }: Pick<Call, 'inputs'>, name: string): TensorInfo {
  const found = inputs[name]
  if (!found) throw new Error(`a tfjs kernel without its input ${name}`)
  return found
}

/** All inputs that are there, in order. */
export const inputsOf = ({ inputs }: Pick<Call, 'inputs'>): TensorInfo[] =>
  Object.values(inputs).filter((input) => input !== undefined)

/** The same elements under another shape, without a launch. */
export const alias = (x: TensorInfo, shape: readonly number[]): TensorInfo => ({ ...x, shape: [...shape] })
