import { fixedMacs, macs, noActivations, notCounted, type Convention } from './convention.ts'

/** What ATen runs as a convolution or a product of matrices, and nothing else. */
export const torch: Convention = {
  name: 'torch',
  title: 'torch.utils.flop_counter of PyTorch 2.13.0',
  calls: 'FLOPs',
  mac: 2,
  doc: 'two a multiply-accumulate, fixed filters too; nothing else',
  source: 'torch/utils/flop_counter.py of PyTorch 2.13.0',
  rules: {
    conv: macs(2),
    partial_conv: macs(2),
    linear: macs(2),
    blur_pool: fixedMacs(2),
    batch_norm: notCounted,
    layer_norm: notCounted,
    max_pool: notCounted,
    avg_pool: notCounted,
    global_avg_pool: notCounted,
    upsample: notCounted,
    softmax: notCounted,
    ...noActivations,
  },
}
