import { totalElements, filtered } from './cost.ts'
import { elements, tensor } from '../tensor-type.ts'
import { filterParameters } from './filter.ts'
import { count, flag } from './kinds.ts'
import { operator } from './operator.ts'
import { argument, spelling } from './spelling.ts'
import { sizesOf } from './tensors.ts'

export const linear = operator({
  name: 'linear',
  doc: 'weight * x + bias for a vector, or a map of 1 x 1 as global pooling leaves it. Weight is [out, in].',
  takes: 'features',
  work: 'filter',
  attributes: { features: count, bias: flag },
  spellings: [
    spelling({
      name: 'linear',
      doc: 'A fully connected layer.',
      arguments: {
        features: argument(count, 'Size of the resulting vector.'),
        bias: argument(flag, 'Whether a learned offset is added.', true),
      },
      attributes: ({ features, bias }) => ({ features, bias }),
    }),
  ],
  infer: ({ features }) => [tensor(features)],
  parameters: ({ features, bias }, inputs) =>
    filterParameters('linear', [features, sizesOf(inputs).channels], bias),
  cost: ({ features, bias }, inputs, outputs) =>
    filtered(features * totalElements(inputs), inputs.map(elements), outputs.map(elements), {
      bias,
      biased: features,
    }),
})
