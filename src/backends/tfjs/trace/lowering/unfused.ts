import type { TensorInfo } from '@tensorflow/tfjs-core'
import { convInfo } from './geometry.ts'
import { inputOf, inputsOf, type Call, type Lowerings } from './lowering.ts'
import { linear } from './one-each.ts'
import { binary, conv, product } from './passes.ts'

/** tfjs's fused kernels where a backend carries them out one after another: the product first, then the bias. */
export const unfused: Pick<Lowerings, 'FusedConv2D' | 'FusedDepthwiseConv2D' | '_FusedMatMul'> = {
  FusedConv2D: (call) =>
    biased(call, conv(call.device, convInfo(linear(call), false), false, inputsOf(call).slice(0, 2))),
  FusedDepthwiseConv2D: (call) =>
    biased(call, conv(call.device, convInfo(linear(call), true), true, inputsOf(call).slice(0, 2))),
  _FusedMatMul: (call) =>
    biased(linear(call), product(call.device, [inputOf(call, 'a'), inputOf(call, 'b')])),
}

const biased = ({ device, inputs }: Call, x: TensorInfo): TensorInfo =>
  inputs['bias'] ? binary(device, 'add', x, inputs['bias']) : x
