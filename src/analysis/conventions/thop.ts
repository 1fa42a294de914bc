import { macs, noActivations, notCounted, perOutput, type Convention } from './convention.ts'

/**
 * It hooks modules of exactly the types that it lists (thop/profile.py, `register_hooks`); what is derived from them, and
 * any function, counts nothing. Norms count twice what vision/calc_func.py gives, which is 2 an element already.
 */
export const thop: Convention = {
  name: 'thop',
  title: 'thop 0.1.1.post2209072238',
  calls: 'MACs',
  mac: 1,
  doc: 'one a multiply-accumulate, norms 4 an element, average pools, softmax, upsampling; no ReLU, max pool, bias, fixed filters or sums',
  source: 'thop/profile.py, vision/basic_hooks.py and vision/calc_func.py of thop 0.1.1.post2209072238',
  rules: {
    conv: macs(),
    partial_conv: macs(),
    linear: macs(),
    batch_norm: perOutput(2 * 2),
    layer_norm: perOutput(2 * 2),
    avg_pool: perOutput(1),
    // As many additions as a map has elements, and a division a channel.
    global_avg_pool: ({ input, output }) => input + output,
    upsample: ({ attributes, output }) => (attributes.mode === 'bilinear' ? 11 : 1) * output,
    // Exponentials, quotients, and one addition less.
    softmax: ({ input, positions }) => 3 * input - positions,
    blur_pool: notCounted,
    max_pool: notCounted,
    ...noActivations,
  },
}
