import { backend_util, util, type TensorInfo } from '@tensorflow/tfjs-core'
import { axisOf, convInfo, paddedShape, piecesOf, poolInfo, sizeOf, sliceOf } from './geometry.ts'
import { alias, inputOf, inputsOf, type Call, type Lowering, type Lowerings } from './lowering.ts'
import { binary, conv, pool, product, slice, unary } from './passes.ts'
import { copyWork, reductionWork, resizeWork, softmaxWork, type PointwiseName } from './work.ts'

/** One launch for every kernel of tfjs: what a backend does unless its own table says otherwise. */
export const oneEach: Lowerings = {
  Add: binaryOf('add'),
  AvgPool: (call) => pool(call.device, poolInfo(call), 'avg', inputOf(call, 'x')),
  // From fp32 to fp32: tfjs asks for it after every average.
  Cast: (call) => inputOf(call, 'x'),
  Concat: concat,
  Conv2D: (call) => conv(call.device, convInfo(call, false), false, inputsOf(call)),
  DepthToSpace: depthToSpace,
  DepthwiseConv2dNative: (call) => conv(call.device, convInfo(call, true), true, inputsOf(call)),
  Erf: unaryOf('erf'),
  Fill: ({ device, attributes }) => device.make(attributes.shape, true),
  FusedConv2D: (call) => conv(call.device, convInfo(linear(call), false), false, inputsOf(call)),
  FusedDepthwiseConv2D: (call) => conv(call.device, convInfo(linear(call), true), true, inputsOf(call)),
  Identity: (call) => inputOf(call, 'x'),
  MaxPool: (call) => pool(call.device, poolInfo(call), 'max', inputOf(call, 'x')),
  Mean: mean,
  MirrorPad: pad,
  Multiply: binaryOf('mul'),
  PadV2: pad,
  Prelu: (call) => binary(call.device, 'prelu', inputOf(call, 'x'), inputOf(call, 'alpha')),
  RealDiv: binaryOf('div'),
  Relu: unaryOf('relu'),
  Relu6: unaryOf('relu6'),
  Reshape: (call) => alias(inputOf(call, 'x'), reshaped(call)),
  ResizeBilinear: resizeOf('bilinear'),
  ResizeNearestNeighbor: resizeOf('nearest'),
  Rsqrt: unaryOf('rsqrt'),
  Sigmoid: unaryOf('sigmoid'),
  Slice: (call) => slice(call.device, inputOf(call, 'x'), sliceOf(inputOf(call, 'x'), call.attributes)),
  Softmax: softmax,
  SplitV: (call) => {
    const shapes = piecesOf(inputOf(call, 'x'), call.attributes).map(({ size }) => size)
    return call.device.launchMany(copyWork('split'), inputsOf(call), shapes)
  },
  Square: unaryOf('square'),
  Sub: binaryOf('sub'),
  Tanh: unaryOf('tanh'),
  Transpose: (call) => call.device.launch(copyWork('transpose'), inputsOf(call), transposed(call)),
  _FusedMatMul: (call) => product(linear(call).device, inputsOf(call)),
}

function unaryOf(name: PointwiseName): Lowering {
  return (call) => unary(call.device, name, inputOf(call, 'x'))
}

function binaryOf(name: PointwiseName): Lowering {
  return (call) => binary(call.device, name, inputOf(call, 'a'), inputOf(call, 'b'))
}

/** Our lowering fuses no activation; one that it does must be counted first. */
export function linear<A extends { activation?: string }>(call: Call<A>): Call<A> {
  const { activation = 'linear' } = call.attributes
  if (activation !== 'linear') throw new Error(`a fused ${activation}, which the trace does not know`)
  return call
}

export function concatShape(inputs: readonly TensorInfo[], axis: number): number[] {
  const [first] = inputs
  return first
    ? backend_util.computeOutShape(
        inputs.map(({ shape }) => shape),
        axisOf(first, axis),
      )
    : []
}

function concat(call: Call<{ axis: number }>): TensorInfo {
  const inputs = inputsOf(call)
  return call.device.launch(copyWork('concat'), inputs, concatShape(inputs, call.attributes.axis))
}

export const reshaped = (call: Call<{ shape: number[] }>): number[] =>
  util.inferFromImplicitShape(call.attributes.shape, sizeOf(inputOf(call, 'x').shape))

export function transposed(call: Call<{ perm: number[] }>): number[] {
  const { shape } = inputOf(call, 'x')
  return call.attributes.perm.map((axis) => shape[axis] ?? 1)
}

export function depthToSpaceShape(call: Call<{ blockSize: number }>): number[] {
  const [batch = 1, height = 1, width = 1, channels = 1] = inputOf(call, 'x').shape
  const { blockSize } = call.attributes
  return [batch, height * blockSize, width * blockSize, channels / blockSize ** 2]
}

function depthToSpace(call: Call<{ blockSize: number }>): TensorInfo {
  return call.device.launch(copyWork('depth_to_space'), inputsOf(call), depthToSpaceShape(call))
}

function pad(call: Call<{ paddings: [number, number][] }>): TensorInfo {
  return call.device.launch(
    copyWork('pad'),
    inputsOf(call),
    paddedShape(inputOf(call, 'x'), call.attributes.paddings),
  )
}

export function resizedShape(call: Call<{ size: [number, number] }>): number[] {
  const { shape } = inputOf(call, 'images')
  return [shape[0] ?? 1, ...call.attributes.size, shape[3] ?? 1]
}

function resizeOf(mode: 'nearest' | 'bilinear'): Lowering<{ size: [number, number] }> {
  return (call) => {
    const shape = resizedShape(call)
    return call.device.launch(resizeWork(mode, sizeOf(shape)), inputsOf(call), shape)
  }
}

/** Shape and length of a mean over the last axis; the lowering takes no other. */
export function meanShape(call: Call<{ axis: number | number[]; keepDims: boolean }>): number[] {
  const x = inputOf(call, 'x')
  const axes = [call.attributes.axis].flat().map((axis) => axisOf(x, axis))
  if (axes.length !== 1 || axes[0] !== x.shape.length - 1 || !call.attributes.keepDims)
    throw new Error('a mean over other axes than the last, which the trace does not know')
  return [...x.shape.slice(0, -1), 1]
}

function mean(call: Call<{ axis: number | number[]; keepDims: boolean }>): TensorInfo {
  const shape = meanShape(call)
  const x = inputOf(call, 'x')
  return call.device.launch(reductionWork('mean', sizeOf(shape), x.shape.at(-1) ?? 1), [x], shape)
}

function softmax(call: Call): TensorInfo {
  const x = inputOf(call, 'logits')
  return call.device.launch(softmaxWork(sizeOf(x.shape), x.shape.at(-1) ?? 1), [x], x.shape)
}
