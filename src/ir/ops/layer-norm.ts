import { layerNormCost } from './norm-costs.ts'
import { epsilon } from './kinds.ts'
import { affineParameters } from './norm.ts'
import { operator } from './operator.ts'
import { argument, spelling } from './spelling.ts'
import { sameType } from './tensors.ts'

// Not `isNorm`: it does not take a bias per channel away again, as batch norm does.
export const layerNorm = operator({
  name: 'layer_norm',
  doc:
    'weight * (x - mean) / sqrt(var + eps) + bias, mean and variance over the channels at each position ' +
    '(Ba et al. 2016, arXiv:1607.06450; on maps as in ConvNeXt).',
  takes: 'any',
  work: 'norm',
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
