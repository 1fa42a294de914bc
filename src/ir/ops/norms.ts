import type { TensorType } from '../tensor-type.ts'
import { activationCosts, operationsToInvert, type InnerActivation } from './activations.ts'
import { backward, totalElements, forward, inBothModes, savesInputs, savesNothing } from './cost.ts'
import type { Backward, Cost, ParameterDefinition } from './definition.ts'
import { sizesOf, sameType } from './tensors.ts'
import { epsilon, finite, fraction, activation, activationName } from './kinds.ts'
import { argument, spelling } from './spelling.ts'
import { operator } from './operator.ts'

/**
 * Batch norm (Ioffe & Szegedy 2015, arXiv:1502.03167, algorithms 1 and 2, and the gradients of section 3).
 *
 * Inference: x * scale + shift (2 an element). A channel: scale = w / sqrt(var + eps) (3), shift = b - mean * scale (2).
 *
 * Training: the sums of x and x * x (3), then x * scale + shift (2): two passes over x. A channel: mean = s / n (1),
 * var = q / n - mean * mean (3), scale and shift (5); the running mean is m * mean + (1 - m) * old (3), the
 * running variance the same of var * (n / (n - 1)) (4).
 *
 * Backward: the sums of g and g * (x - mean) (4), then (g - a - b * (x - mean)) * scale (5): two passes over g and x. A
 * channel: the gradient of the weight (1), a (1), b (3), scale (1).
 */
export const batchNormCost = (inputs: readonly TensorType[]): Cost => normCost(inputs, 0, 0)

/** With more to do to each element, forward and backward. */
function normCost(inputs: readonly TensorType[], more: number, moreBack: number): Cost {
  const size = totalElements(inputs)
  const { channels } = sizesOf(inputs)
  return {
    inference: forward(inputs, inputs, { arithmetic: (2 + more) * size + 5 * channels }),
    training: forward(inputs, inputs, { arithmetic: (5 + more) * size + 16 * channels, reads: [2 * size] }),
    backward: backward(4 * size, size, { arithmetic: (9 + moreBack) * size + 6 * channels }),
    saves: { inputs: [0], outputs: [], statistics: 2 * channels, indices: 0, mask: 0 },
  }
}

/**
 * Activated batch norm. Where the activation can be inverted, in place (Rota Bulo et al. 2018, arXiv:1712.02616,
 * algorithm 1): the output takes the input's memory and is all that is kept. Otherwise the input is kept, and what the
 * norm made of it is computed again.
 */
function activatedNormCost(activation: InnerActivation, inputs: readonly TensorType[]): Cost {
  const { forward, backward } =
    activation.name === 'none' ? { forward: 0, backward: 0 } : activationCosts[activation.name]
  const cost = normCost(inputs, forward, 2 + backward)
  const undone = operationsToInvert(activation)
  if (undone === undefined) return cost
  const { inference, training, saves } = cost
  return {
    inference,
    training,
    backward: inPlaceBackward(undone + backward, inputs),
    saves: { inputs: [], outputs: [0], statistics: saves.statistics, indices: 0, mask: 0 },
  }
}

/**
 * As inplace_abn's kernels do it: a first pass undoes the activation (`undone` an element, its gradient included) and the
 * affine map (2), writes both over y and g, and sums g and g * x' (3), x' being the normalised x; a second one makes
 * (g - a - b * x') * scale (4). A channel: a and b (2), scale (1).
 */
function inPlaceBackward(undone: number, inputs: readonly TensorType[]): Backward {
  const size = totalElements(inputs)
  const { channels } = sizesOf(inputs)
  return backward(4 * size, 3 * size, { arithmetic: (undone + 9) * size + 3 * channels })
}

/**
 * Layer norm (Ba et al. 2016, arXiv:1607.06450, equation 4) per position: a sum (1 an element), differences and their
 * squares' sum (3), a division by the root (1), factor and offset (2); 4 a position: two means, eps, root.
 * Backward: g * weight (1) and its sum (1), x normalised again (2), the sum of their products (2), the combination
 * (g' - a - b * x') * scale (4), and the parameters' gradients, sums of g * x' (2) and of g (1); a and b a position.
 */
function layerNormCost(inputs: readonly TensorType[]): Cost {
  const size = totalElements(inputs)
  const positions = size / sizesOf(inputs).channels
  return inBothModes(
    forward(inputs, inputs, { arithmetic: 7 * size + 4 * positions }),
    backward(2 * size, size, { arithmetic: 13 * size + 2 * positions }),
    savesInputs(0),
  )
}

/**
 * Softmax per position of n channels: largest (n - 1), differences, exps (n each), sum (n - 1), quotients (n).
 * Its gradient y * (g - sum(g * y)): products (n), sum (n - 1), differences, products (n each).
 */
export function softmaxCost(inputs: readonly TensorType[]): Cost {
  const size = totalElements(inputs)
  const positions = size / sizesOf(inputs).channels
  return inBothModes(
    forward(inputs, inputs, { arithmetic: 5 * size - 2 * positions }),
    backward(2 * size, size, { arithmetic: 4 * size - positions }),
    { ...savesNothing, outputs: [0] },
  )
}

/** What batch_norm and abn share. */
const normAttributes = { eps: epsilon, momentum: fraction, initial_scale: finite }

const normArguments = {
  eps: argument(epsilon, 'Added to the variance before its square root.', 1e-5),
  momentum: argument(fraction, 'Share of a new batch in the running statistics.', 0.1),
  initial_scale: argument(finite, 'What `weight` starts with; 0 lets a residual branch start silent.', 1),
}

const perChannel = (
  role: ParameterDefinition['role'],
  inputs: readonly TensorType[],
  value: number,
  trainable = true,
): ParameterDefinition => ({
  role,
  shape: [sizesOf(inputs).channels],
  trainable,
  initial: { kind: 'constant', value },
})

/** Learned factor and offset, [C] each. */
const affineParameters = (weight: number, inputs: readonly TensorType[]): ParameterDefinition[] => [
  perChannel('weight', inputs, weight),
  perChannel('bias', inputs, 0),
]

/** As above, and the running mean and variance, which training updates but does not learn. */
const batchNormParameters = (
  { initial_scale }: { readonly initial_scale: number },
  inputs: readonly TensorType[],
): ParameterDefinition[] => [
  ...affineParameters(initial_scale, inputs),
  perChannel('running_mean', inputs, 0, false),
  perChannel('running_var', inputs, 1, false),
]

const batchNorm = operator({
  name: 'batch_norm',
  doc:
    'weight * (x - mean) / sqrt(var + eps) + bias per channel: statistics of the batch in training, running ' +
    'ones otherwise (Ioffe & Szegedy 2015, arXiv:1502.03167).',
  takes: 'any',
  work: 'norm',
  counters: 'rules',
  reference: {
    chapter: 'Normalisation',
    result: 'the shape of its input',
    examples: { batch_norm: ['64 x 56 x 56', 'x -> batch_norm'] },
  },
  attributes: normAttributes,
  spellings: [
    spelling({
      name: 'batch_norm',
      doc: 'Normalises each channel over the batch and all positions.',
      arguments: normArguments,
      attributes: ({ eps, momentum, initial_scale }) => ({ eps, momentum, initial_scale }),
    }),
  ],
  infer: sameType,
  parameters: batchNormParameters,
  cost: (_, inputs) => batchNormCost(inputs),
  isNorm: true,
})

// Not `isNorm`: it does not take a bias per channel away again, as batch norm does.
const layerNorm = operator({
  name: 'layer_norm',
  doc:
    'weight * (x - mean) / sqrt(var + eps) + bias, mean and variance over the channels at each position ' +
    '(Ba et al. 2016, arXiv:1607.06450; on maps as in ConvNeXt).',
  takes: 'any',
  work: 'norm',
  counters: 'rules',
  reference: {
    chapter: 'Normalisation',
    result: 'the shape of its input',
    examples: { layer_norm: ['64 x 56 x 56', 'x -> layer_norm'] },
  },
  attributes: { eps: epsilon },
  spellings: [
    spelling({
      name: 'layer_norm',
      doc: 'Normalises over the channels, at each position by itself.',
      arguments: { eps: argument(epsilon, 'Added to the variance before its square root.', 1e-6) },
      attributes: ({ eps }) => ({ eps }),
    }),
  ],
  infer: sameType,
  cost: (_, inputs) => layerNormCost(inputs),
  parameters: (_, inputs) => affineParameters(1, inputs),
})

const abn = operator({
  name: 'abn',
  doc:
    'Activated batch norm: batch_norm and an activation as one operator, which training can do in place ' +
    '(Rota Bulo et al. 2018, arXiv:1712.02616). `slope` is the number that its ' +
    'activation takes, such as the slope of leaky_relu, and 0 for those that take none.',
  takes: 'any',
  work: 'norm',
  counters: 'parts',
  reference: {
    chapter: 'Normalisation',
    result: 'the shape of its input',
    examples: { abn: ['64 x 56 x 56', 'x -> abn(leaky_relu(1e-3))'] },
  },
  attributes: { ...normAttributes, activation: activationName, slope: finite },
  spellings: [
    spelling({
      name: 'abn',
      doc: 'Normalises each channel, then activates.',
      arguments: {
        activation: argument(activation, 'What follows the normalisation; `none` for nothing.', {
          name: 'leaky_relu',
          attributes: { slope: 0.01 },
        }),
        ...normArguments,
      },
      attributes: ({ activation: { name, slope }, eps, momentum, initial_scale }) => ({
        eps,
        momentum,
        initial_scale,
        activation: name,
        slope,
      }),
    }),
  ],
  infer: sameType,
  parameters: batchNormParameters,
  cost: ({ activation: name, slope }, inputs) => activatedNormCost({ name, slope }, inputs),
  isNorm: true,
})

/** The operators of this file by name, in the order of the reference. */
export const norms = { batch_norm: batchNorm, abn, layer_norm: layerNorm }
