import type { TensorInfo } from '@tensorflow/tfjs-core'
import {
  convInfo,
  inputOf,
  inputsOf,
  type KernelCall,
  type KernelLowerings,
  withoutActivation,
  binaryPass,
  convPass,
  productPass,
  piecesOf,
  sliceOf,
  type Piece,
  type KernelLowering,
  oneEach,
  transposed,
  slicePass,
  copyWork,
} from './lowering.ts'

/** tfjs's fused kernels where a backend carries them out one after another: the product first, then the bias. */
export const unfused: Pick<KernelLowerings, 'FusedConv2D' | 'FusedDepthwiseConv2D' | '_FusedMatMul'> = {
  FusedConv2D: (call) =>
    biased(
      call,
      convPass(call.device, convInfo(withoutActivation(call), false), false, inputsOf(call).slice(0, 2)),
    ),
  FusedDepthwiseConv2D: (call) =>
    biased(
      call,
      convPass(call.device, convInfo(withoutActivation(call), true), true, inputsOf(call).slice(0, 2)),
    ),
  _FusedMatMul: (call) =>
    biased(withoutActivation(call), productPass(call.device, [inputOf(call, 'a'), inputOf(call, 'b')])),
}

const biased = ({ device, inputs }: KernelCall, x: TensorInfo): TensorInfo =>
  inputs['bias'] ? binaryPass(device, 'Add', x, inputs['bias']) : x

/**
 * tfjs-backend-wasm 4.22 (dist/kernels/*.js). Convolutions and products are XNNPACK's, the bias included. Identity.js
 * and Cast.js copy. Slice.js takes all of its input out of the heap (`readSync` in backend_wasm.js), then what it
 * wants of that; SplitV.js does so for each piece. Transpose.js copies where only axes of one element move.
 */
export const wasm: KernelLowerings = {
  ...oneEach,
  Cast: copyOf('cast'),
  Identity: copyOf('copy'),
  Slice: (call) => copiedSlice(call, sliceOf(inputOf(call, 'x'), call.attributes)),
  SplitV: (call) => piecesOf(inputOf(call, 'x'), call.attributes).map((piece) => copiedSlice(call, piece)),
  Transpose: (call) => {
    const x = inputOf(call, 'x')
    const name = movesNothing(x.shape, call.attributes.perm) ? 'copy' : 'transpose'
    return call.device.launch(copyWork(name), [x], transposed(call))
  },
}

function copyOf(name: string): KernelLowering {
  return (call) => {
    const x = inputOf(call, 'x')
    return call.device.launch(copyWork(name), [x], x.shape)
  }
}

function copiedSlice(call: KernelCall, piece: Piece): TensorInfo {
  const x = inputOf(call, 'x')
  return slicePass(call.device, call.device.launch(copyWork('read heap'), [x], x.shape), piece)
}

const movesNothing = (shape: readonly number[], perm: readonly number[]): boolean => {
  const moved = perm.filter((axis) => shape[axis] !== 1)
  return moved.every((axis, i) => i === 0 || axis > (moved[i - 1] ?? 0))
}
