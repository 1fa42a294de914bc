import { macs, noActivations, notCounted, type Convention } from './convention.ts'

/**
 * Multiply-accumulates of convolutions and linear layers: what He et al. 2015 (arXiv:1512.03385, section 3.3), Zhang et al.
 * 2017 (arXiv:1707.01083) and Sandler et al. 2018 (arXiv:1801.04381, table 4) count, under the names FLOPs,
 * MFLOPs and MAdds.
 */
export const archc: Convention = {
  name: 'archc',
  title: 'archc',
  calls: 'MACs',
  mac: 1,
  doc: 'multiply-accumulates of convolutions and linear layers; no bias, fixed filters or anything else',
  source: 'docs: MACs in the report of `archc analyze`',
  rules: {
    conv: macs(),
    partial_conv: macs(),
    linear: macs(),
    blur_pool: notCounted,
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
