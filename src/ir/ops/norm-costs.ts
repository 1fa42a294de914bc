import type { TensorType } from '../tensor-type.ts'
import { activationCosts } from './activation-costs.ts'
import type { ActivationName } from './activation-names.ts'
import { backward, totalElements, forward, inBothModes, savesInputs, savesNothing } from './cost.ts'
import type { Cost } from './definition.ts'
import { sizesOf } from './tensors.ts'

/**
 * Batch norm (Ioffe & Szegedy 2015, arXiv:1502.03167, algorithms 1 and 2, and the gradients of section 3).
 * Inference: x * scale + shift, 2 operations an element, with 4 a channel to make scale and shift of four statistics.
 * Training: one pass for the sums of x and x * x (3), a second for the normalisation (2); 8 a channel between.
 * Backward: one pass for the sums of g and g * (x - mean) (4), a second for (g - a - b * (x - mean)) * scale (5), which
 * both read g and x.
 */
export function batchNormCost(inputs: readonly TensorType[]): Cost {
  const size = totalElements(inputs)
  const { channels } = sizesOf(inputs)
  return {
    inference: forward(inputs, inputs, { arithmetic: 2 * size + 4 * channels }),
    training: forward(inputs, inputs, { arithmetic: 5 * size + 8 * channels, reads: [2 * size] }),
    backward: backward(4 * size, size, { arithmetic: 9 * size + 8 * channels }),
    saves: { ...savesInputs(0), statistics: 2 * channels },
  }
}

/**
 * Activated batch norm in place (Rota Bulo et al. 2018, arXiv:1712.02616, algorithm 1, "InPlace-ABN I"): the input's
 * memory takes the output, which is all that is kept. The backward pass inverts the activation (as many operations as
 * the activation takes) and the affine map (2), then does what batch norm does.
 */
export function activatedNormCost(activation: ActivationName | 'none', inputs: readonly TensorType[]): Cost {
  const size = totalElements(inputs)
  const { forward: each, backward: eachBack } =
    activation === 'none' ? { forward: 0, backward: 0 } : activationCosts[activation]
  const norm = batchNormCost(inputs)
  return {
    inference: { ...norm.inference, arithmetic: norm.inference.arithmetic + each * size },
    training: { ...norm.training, arithmetic: norm.training.arithmetic + each * size },
    backward: {
      ...norm.backward,
      arithmetic: norm.backward.arithmetic + (each + eachBack + 2) * size,
    },
    saves: { ...savesNothing, outputs: [0], statistics: 2 * sizesOf(inputs).channels },
  }
}

/**
 * Layer norm (Ba et al. 2016, arXiv:1607.06450, equation 4) per position: a sum (1 an element), differences and their
 * squares' sum (3), scaling (1), factor and offset (2); 4 a position: two means, eps, root. Its gradient: g * weight (1),
 * its sum (1) and its sum against the normalised x (2, after 2 to normalise again), then the combination (5).
 */
export function layerNormCost(inputs: readonly TensorType[]): Cost {
  const size = totalElements(inputs)
  const positions = size / sizesOf(inputs).channels
  return inBothModes(
    forward(inputs, inputs, { arithmetic: 7 * size + 4 * positions }),
    backward(2 * size, size, { arithmetic: 11 * size + 2 * positions }),
    { ...savesInputs(0), statistics: 0 },
  )
}

/** Softmax per position: largest (1), difference, exp, sum, quotient; 2 fewer, as n - 1 join n. Its gradient: y * (g - sum(g * y)). */
export function softmaxCost(inputs: readonly TensorType[]): Cost {
  const size = totalElements(inputs)
  const positions = size / sizesOf(inputs).channels
  return inBothModes(
    forward(inputs, inputs, { arithmetic: 5 * size - 2 * positions }),
    backward(2 * size, size, { arithmetic: 4 * size - positions }),
    { ...savesNothing, outputs: [0] },
  )
}
