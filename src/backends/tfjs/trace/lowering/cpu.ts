import type { TensorInfo } from '@tensorflow/tfjs-core'
import {
  isContiguous,
  piecesOf,
  poolInfo,
  sliceOf,
  type Piece,
  alias,
  inputOf,
  type Call,
  type Lowerings,
  meanShape,
  oneEach,
  binary,
  poolOrView,
  reduceLast,
  slice,
  softmaxInPasses,
  unary,
} from './lowering.ts'
import { unfused } from './wasm.ts'

/**
 * tfjs-backend-cpu 4.22 (dist/kernels/*.js). FusedConv2D.js, FusedDepthwiseConv2D.js and _FusedMatMul.js call the
 * kernels that they stand for, Softmax.js five, Mean.js a division and a sum, SplitV.js a slice each; a slice whose
 * elements lie together is a view (Slice.js), and so is a pool that changes nothing (AvgPool.js, MaxPool.js).
 */
export const cpu: Lowerings = {
  ...oneEach,
  ...unfused,
  AvgPool: (call) => poolOrView(call.device, poolInfo(call), 'avg', inputOf(call, 'x')),
  MaxPool: (call) => poolOrView(call.device, poolInfo(call), 'max', inputOf(call, 'x')),
  Mean: (call) => {
    const quotients = binary(call.device, 'div', inputOf(call, 'x'), call.device.make([], true))
    return alias(reduceLast(call.device, 'sum', quotients), meanShape(call))
  },
  Slice: (call) => sliceOrView(call, inputOf(call, 'x'), sliceOf(inputOf(call, 'x'), call.attributes)),
  Softmax: (call) =>
    softmaxInPasses(call.device, inputOf(call, 'logits'), { unary, binary, reduce: reduceLast }),
  SplitV: (call) => {
    const x = inputOf(call, 'x')
    return piecesOf(x, call.attributes).map((piece) => sliceOrView(call, x, piece))
  },
}

function sliceOrView({ device }: Call, x: TensorInfo, piece: Piece): TensorInfo {
  if (!isContiguous(x, piece)) return slice(device, x, piece)
  // Numbers of its own for tfjs, which lie within those of `x`.
  return device.make(piece.size, device.isConstant(x))
}
