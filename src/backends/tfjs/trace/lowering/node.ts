import type { TensorInfo } from '@tensorflow/tfjs-core'
import { inputOf, type KernelCall, type KernelLowerings, oneEach, binaryPass, unaryPass } from './lowering.ts'
import { unfused } from './wasm.ts'

/**
 * tfjs-node 4.22, which hands kernels to TensorFlow's eager operators (src/kernels/*.ts). FusedConv2D.ts and
 * FusedDepthwiseConv2D.ts call the convolution, `add`, and an activation; _FusedMatMul.ts `matMul` and `add`. Cast and
 * Reshape are operators that move nothing here: TensorFlow hands the buffer on.
 */
export const node: KernelLowerings = { ...oneEach, ...unfused, Prelu: prelu }

/** Prelu.ts: relu(x) + alpha * (x - |x|) * 0.5. */
function prelu(call: KernelCall): TensorInfo {
  const { device } = call
  const x = inputOf(call, 'x')
  const positive = unaryPass(device, 'Relu', x)
  const twice = binaryPass(device, 'Sub', x, unaryPass(device, 'Abs', x))
  const half = device.make([], true)
  const negative = binaryPass(
    device,
    'Multiply',
    binaryPass(device, 'Multiply', inputOf(call, 'alpha'), twice),
    half,
  )
  return binaryPass(device, 'Add', positive, negative)
}
