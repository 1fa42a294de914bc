import type { TensorInfo } from '@tensorflow/tfjs-core'
import { inputOf, type Call, type Lowerings, oneEach, binary, unary } from './lowering.ts'
import { unfused } from './wasm.ts'

/**
 * tfjs-node 4.22, which hands kernels to TensorFlow's eager operators (src/kernels/*.ts). FusedConv2D.ts and
 * FusedDepthwiseConv2D.ts call the convolution, `add`, and an activation; _FusedMatMul.ts `matMul` and `add`. Cast and
 * Reshape are operators that move nothing here: TensorFlow hands the buffer on.
 */
export const node: Lowerings = { ...oneEach, ...unfused, Prelu: prelu }

/** Prelu.ts: relu(x) + alpha * (x - |x|) * 0.5. */
function prelu(call: Call): TensorInfo {
  const { device } = call
  const x = inputOf(call, 'x')
  const positive = unary(device, 'relu', x)
  const twice = binary(device, 'sub', x, unary(device, 'abs', x))
  const half = device.make([], true)
  const negative = binary(device, 'mul', binary(device, 'mul', inputOf(call, 'alpha'), twice), half)
  return binary(device, 'add', positive, negative)
}
