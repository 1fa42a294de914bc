import {
  activationsBy,
  fixedMacs,
  macs,
  macsAndBias,
  perInput,
  perOutput,
  type Convention,
} from './convention.ts'

/** Replaces functions (pytorch_ops.py, `_patch_functionals`), which modules call too; ReLU6 calls one that it lacks. */
export const calflops: Convention = {
  name: 'calflops',
  title: 'calflops 0.3.2',
  calls: 'FLOPs',
  mac: 2,
  doc: 'two a multiply-accumulate, fixed filters too, one a bias of a convolution; batch norm 2 an element, layer norm 5, most activations 1, pools 1 an element that enters; no sums or products, ReLU6 or sigmoid',
  source: 'calflops/pytorch_ops.py of calflops 0.3.2',
  rules: {
    conv: macsAndBias(2),
    partial_conv: macsAndBias(2),
    linear: macs(2),
    blur_pool: fixedMacs(2),
    batch_norm: perOutput(2),
    layer_norm: perOutput(5),
    ...activationsBy(({ counted }) => counted.calflops),
    softmax: perOutput(1),
    max_pool: perInput(1),
    avg_pool: perInput(1),
    global_avg_pool: perInput(1),
    // It multiplies by the factors, and drops the product.
    upsample: perInput(1),
  },
}
