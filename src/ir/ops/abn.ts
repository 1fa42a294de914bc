import { activatedNormCost } from './norm-costs.ts'
import { activation, activationName, finite } from './kinds.ts'
import { batchNormParameters, normArguments, normAttributes } from './norm.ts'
import { operator } from './operator.ts'
import { argument, spelling } from './spelling.ts'
import { sameType } from './tensors.ts'

export const abn = operator({
  name: 'abn',
  doc:
    'Activated batch norm: batch_norm and an activation as one operator, which training can do in place ' +
    '(Rota Bulo et al. 2018, arXiv:1712.02616). `slope` belongs to leaky_relu and is 0 for the others.',
  takes: 'any',
  work: 'norm',
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
