import {
  activationsBy,
  fixedMacs,
  macsAndBias,
  noActivations,
  notCounted,
  perInput,
  perOutput,
  type Convention,
} from './convention.ts'

const filters = { conv: macsAndBias(), partial_conv: macsAndBias(), linear: macsAndBias() }

/**
 * Its default backend hooks modules (pytorch_ops.py, MODULES_MAPPING) and replaces functions (FUNCTIONAL_MAPPING). A
 * module that has a hook and calls a function that was replaced is counted twice: ReLU, GELU, poolings, upsampling.
 * Those with only one of the two count once: leaky ReLU and ReLU6 a hook, SiLU and softmax a function.
 */
export const ptflops: Convention = {
  name: 'ptflops',
  title: 'ptflops 0.7.5',
  calls: 'MACs',
  mac: 1,
  doc: 'one a multiply-accumulate or bias, batch norm 2 an element, most activations 1; ReLU, GELU and poolings twice, once as module and once as function; no fixed filters, operators +, * or sigmoid',
  source: 'ptflops/pytorch_ops.py and pytorch_engine.py of ptflops 0.7.5',
  rules: {
    ...filters,
    batch_norm: perOutput(2),
    // An instance of LayerNorm has no attribute `affine`, which its hook asks for.
    layer_norm: perOutput(1),
    ...activationsBy(({ counted }) => counted.ptflops),
    softmax: perOutput(1),
    max_pool: perInput(1 + 1),
    avg_pool: perInput(1 + 1),
    global_avg_pool: perInput(1 + 1),
    upsample: perOutput(1 + 1),
    blur_pool: notCounted,
  },
}

export const ptflopsAten: Convention = {
  name: 'ptflops_aten',
  title: "ptflops 0.7.5, backend='aten'",
  calls: 'MACs',
  mac: 1,
  doc: 'one a multiply-accumulate or bias, fixed filters too; nothing else',
  source: 'ptflops/aten_ops.py of ptflops 0.7.5',
  rules: {
    ...filters,
    blur_pool: fixedMacs(),
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
