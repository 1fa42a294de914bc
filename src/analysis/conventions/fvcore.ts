import {
  fixedMacs,
  macs,
  noActivations,
  notCounted,
  perInput,
  perOutput,
  type Convention,
  type CountingRules,
} from './convention.ts'

const source = 'fvcore/nn/flop_count.py and jit_handles.py of fvcore 0.1.5.post20221221'

/**
 * `aten::adaptive_avg_pool2d` counts its input; a mean over height and width is no operator that it knows.
 */
const besideBatchNorm: Omit<CountingRules, 'batch_norm'> = {
  conv: macs(),
  partial_conv: macs(),
  linear: macs(),
  blur_pool: fixedMacs(),
  layer_norm: perOutput(5),
  global_avg_pool: perInput(1),
  upsample: ({ attributes, output }) => (attributes.mode === 'bilinear' ? 4 : 1) * output,
  max_pool: notCounted,
  avg_pool: notCounted,
  softmax: notCounted,
  ...noActivations,
}

export const fvcore: Convention = {
  name: 'fvcore',
  title: 'fvcore 0.1.5.post20221221',
  calls: 'FLOPs',
  mac: 1,
  doc: 'one a multiply-accumulate, fixed filters too; norms (2 an element, layer norm 5), adaptive pools; no activations, sums or bias',
  source,
  rules: { ...besideBatchNorm, batch_norm: perOutput(2) },
}

/**
 * FasterNet's code (JierunChen/FasterNet, utils/utils.py `get_flops_params`) asks fvcore. Its tables agree with networks
 * whose batch norms were folded (utils/fuse_conv_bn.py): 4.55, 8.72 and 15.49 G, where the norms would make them 4.56,
 * 8.74 and 15.52.
 */
export const fvcoreFused: Convention = {
  name: 'fvcore_fused',
  title: 'fvcore 0.1.5.post20221221, batch norms folded',
  calls: 'FLOPs',
  mac: 1,
  doc: 'as fvcore, without batch norms: what it counts of a network whose norms were folded into its convolutions',
  source: `${source}; used so by FasterNet's code`,
  rules: { ...besideBatchNorm, batch_norm: notCounted },
}
