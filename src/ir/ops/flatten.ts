import { view } from './cost.ts'
import { elements, tensor } from '../tensor-type.ts'
import { operator } from './operator.ts'
import { spelling } from './spelling.ts'

export const flatten = operator({
  name: 'flatten',
  doc: 'A map as a vector, channels slowest: [C, H, W] becomes [C * H * W].',
  takes: 'any',
  work: 'view',
  attributes: {},
  spellings: [
    spelling({
      name: 'flatten',
      doc: 'Makes a vector of a map.',
      arguments: {},
      attributes: () => ({}),
    }),
  ],
  infer: (_, inputs) => inputs.map((input) => tensor(elements(input))),
  cost: (_, inputs, outputs) => view(inputs, outputs),
})
