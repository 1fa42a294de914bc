import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { Recorder } from '../recorder.ts'
import {
  convInfo,
  isContiguous,
  paddedShape,
  piecesOf,
  poolInfo,
  sizeOf,
  sliceOf,
  type Piece,
} from './geometry.ts'
import { inputOf, inputsOf, type Call, type Lowering, type Lowerings } from './lowering.ts'
import {
  concatShape,
  depthToSpaceShape,
  linear,
  meanShape,
  oneEach,
  reshaped,
  resizedShape,
  transposed,
} from './one-each.ts'
import { softmaxInPasses } from './passes.ts'
import { program, reshape, textureOf, withTexture } from './textures.ts'
import { binary, pool, reduce, transpose, unary } from './webgl-passes.ts'
import { convolution, matmul } from './webgl-products.ts'
import { convWork, copyWork, resizeWork, type PointwiseName } from './work.ts'

/**
 * tfjs-backend-webgl 4.22 (dist/kernels/*.js) with its default flags on a desktop's WebGL 2: bias and activation are
 * part of the convolution's program. Tensors of fewer than 128 elements that are still in the computer's memory, which
 * webgl leaves there, do not occur behind a network's input.
 */
export const webgl: Lowerings = {
  ...oneEach,
  Add: binaryOf('add'),
  AvgPool: (call) => pool(call.device, poolInfo(call), 'avg', inputOf(call, 'x')),
  Concat: (call) => concat(call.device, inputsOf(call), call.attributes.axis),
  Conv2D: convolution,
  DepthToSpace: (call) =>
    program(call.device, copyWork('depth_to_space'), inputsOf(call), depthToSpaceShape(call), false),
  DepthwiseConv2dNative: depthwise,
  Erf: unaryOf('erf'),
  FusedConv2D: (call) => convolution(linear(call)),
  FusedDepthwiseConv2D: (call) => depthwise(linear(call)),
  MaxPool: (call) => pool(call.device, poolInfo(call), 'max', inputOf(call, 'x')),
  Mean: (call) => reshape(call.device, reduce(call.device, 'mean', inputOf(call, 'x')), meanShape(call)),
  MirrorPad: pad,
  Multiply: binaryOf('mul'),
  PadV2: pad,
  Prelu: (call) => binary(call.device, 'prelu', inputOf(call, 'x'), inputOf(call, 'alpha')),
  RealDiv: binaryOf('div'),
  Relu: unaryOf('relu'),
  Relu6: unaryOf('relu6'),
  Reshape: (call) => reshape(call.device, inputOf(call, 'x'), reshaped(call)),
  ResizeBilinear: resizeOf('bilinear'),
  ResizeNearestNeighbor: resizeOf('nearest'),
  Rsqrt: unaryOf('rsqrt'),
  Sigmoid: unaryOf('sigmoid'),
  Slice: (call) => slice(call.device, inputOf(call, 'x'), sliceOf(inputOf(call, 'x'), call.attributes)),
  Softmax: (call) => softmaxInPasses(call.device, inputOf(call, 'logits'), { unary, binary, reduce }),
  SplitV: (call) => {
    const x = inputOf(call, 'x')
    return piecesOf(x, call.attributes).map((piece) => slice(call.device, x, piece))
  },
  Square: unaryOf('square'),
  Sub: binaryOf('sub'),
  Tanh: unaryOf('tanh'),
  Transpose: (call) => transpose(call.device, inputOf(call, 'x'), transposed(call)),
  _FusedMatMul: (call) => matmul(linear(call).device, inputsOf(call)),
}

function unaryOf(name: PointwiseName): Lowering {
  return (call) => unary(call.device, name, inputOf(call, 'x'))
}

function binaryOf(name: PointwiseName): Lowering {
  return (call) => binary(call.device, name, inputOf(call, 'a'), inputOf(call, 'b'))
}

/** Packed where every channel gives one, and strides are short (DepthwiseConv2dNative.js). */
function depthwise(call: Parameters<Lowerings['DepthwiseConv2dNative']>[0]): TensorInfo {
  const info = convInfo(call, true)
  const packed = info.strideWidth <= 2 && info.outChannels === info.inChannels
  const inputs = inputsOf(call)
  return program(call.device, convWork(info, true, inputs.length > 2), inputs, info.outShape, packed)
}

function pad(call: Call<{ paddings: [number, number][] }>): TensorInfo {
  const shape = paddedShape(inputOf(call, 'x'), call.attributes.paddings)
  return program(call.device, copyWork('pad'), inputsOf(call), shape, true)
}

function resizeOf(mode: 'nearest' | 'bilinear'): Lowering<{ size: [number, number] }> {
  return (call) => {
    const shape = resizedShape(call)
    return program(call.device, resizeWork(mode, sizeOf(shape)), inputsOf(call), shape, true)
  }
}

/** A piece of a plain texture whose elements lie together is a view with an offset (Slice.js). */
function slice(device: Recorder, x: TensorInfo, piece: Piece): TensorInfo {
  const texture = textureOf(device, x)
  if (texture?.packed || !isContiguous(x, piece))
    return program(device, copyWork('slice', sizeOf(piece.size)), [x], piece.size, true)
  return withTexture(device, device.make(piece.size, device.isConstant(x)), false, piece.size)
}

/** `WEBGL_MAX_TEXTURES_IN_SHADER`. */
const MOST_INPUTS = 16

function concat(device: Recorder, inputs: readonly TensorInfo[], axis: number): TensorInfo {
  if (inputs.length <= MOST_INPUTS)
    return program(device, copyWork('concat'), inputs, concatShape(inputs, axis), true)
  const parts = Array.from({ length: Math.ceil(inputs.length / MOST_INPUTS) }, (_, i) =>
    concat(device, inputs.slice(i * MOST_INPUTS, (i + 1) * MOST_INPUTS), axis),
  )
  return concat(device, parts, axis)
}
