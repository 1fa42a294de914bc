import type { TensorInfo } from '@tensorflow/tfjs-core'
import {
  isContiguous,
  piecesOf,
  poolInfo,
  sliceOf,
  type Piece,
  alias,
  inputOf,
  type KernelCall,
  type KernelLowerings,
  meanShape,
  oneEach,
  binaryPass,
  poolOrView,
  reduceLast,
  slicePass,
  softmaxInPasses,
  unaryPass,
} from './lowering.ts'
import { unfused } from './wasm.ts'

/**
 * tfjs-backend-cpu 4.22 (dist/kernels/*.js). FusedConv2D.js, FusedDepthwiseConv2D.js and _FusedMatMul.js call the
 * kernels that they stand for, Softmax.js five, Mean.js a division and a sum, SplitV.js a slice each; a slice whose
 * elements lie together is a view (Slice.js), and so is a pool that changes nothing (AvgPool.js, MaxPool.js).
 */
export const cpu: KernelLowerings = {
  ...oneEach,
  ...unfused,
  AvgPool: (call) => poolOrView(call.device, poolInfo(call), 'avg', inputOf(call, 'x')),
  MaxPool: (call) => poolOrView(call.device, poolInfo(call), 'max', inputOf(call, 'x')),
  Mean: (call) => {
    const quotients = binaryPass(call.device, 'RealDiv', inputOf(call, 'x'), call.device.make([], true))
    return alias(reduceLast(call.device, 'sum', quotients), meanShape(call))
  },
  Slice: (call) => sliceOrView(call, inputOf(call, 'x'), sliceOf(inputOf(call, 'x'), call.attributes)),
  Softmax: (call) =>
    softmaxInPasses(call.device, inputOf(call, 'logits'), {
      unary: unaryPass,
      binary: binaryPass,
      reduce: reduceLast,
    }),
  SplitV: (call) => {
    const x = inputOf(call, 'x')
    return piecesOf(x, call.attributes).map((piece) => sliceOrView(call, x, piece))
  },
}

function sliceOrView({ device }: KernelCall, x: TensorInfo, piece: Piece): TensorInfo {
  if (!isContiguous(x, piece)) return slicePass(device, x, piece)
  // Numbers of its own for tfjs, which lie within those of `x`.
  return device.make(piece.size, device.isConstant(x))
}
