import { batchNormCost } from './norm-costs.ts'
import { batchNormParameters, normArguments, normAttributes } from './norm.ts'
import { operator } from './operator.ts'
import { spelling } from './spelling.ts'
import { sameType } from './tensors.ts'

export const batchNorm = operator({
  name: 'batch_norm',
  doc:
    'weight * (x - mean) / sqrt(var + eps) + bias per channel: statistics of the batch in training, running ' +
    'ones otherwise (Ioffe & Szegedy 2015, arXiv:1502.03167).',
  takes: 'any',
  work: 'norm',
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
