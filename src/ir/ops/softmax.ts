import { softmaxCost } from './norm-costs.ts'
import { operator } from './operator.ts'
import { spelling } from './spelling.ts'
import { sameType } from './tensors.ts'

export const softmax = operator({
  name: 'softmax',
  doc: 'exp(x) / sum(exp(x)) over the channels, at each position of a map.',
  takes: 'any',
  work: 'reduction',
  attributes: {},
  spellings: [
    spelling({
      name: 'softmax',
      doc: 'Makes probabilities over the channels.',
      arguments: {},
      attributes: () => ({}),
    }),
  ],
  infer: sameType,
  cost: (_, inputs) => softmaxCost(inputs),
})
