import { activationCosts } from './activation-costs.ts'
import { pointwise } from './cost.ts'
import { finite } from './kinds.ts'
import { operator } from './operator.ts'
import { argument, spelling } from './spelling.ts'
import { sameType } from './tensors.ts'

export const leakyRelu = operator({
  name: 'leaky_relu',
  doc: 'x where x > 0, else slope * x.',
  takes: 'any',
  work: 'pointwise',
  attributes: { slope: finite },
  spellings: [
    spelling({
      name: 'leaky_relu',
      doc: 'A rectifier that lets a little of the negative through.',
      arguments: { slope: argument(finite, 'Factor of negative inputs.', 0.01) },
      attributes: ({ slope }) => ({ slope }),
    }),
  ],
  infer: sameType,
  cost: (_, inputs) => pointwise(activationCosts.leaky_relu, inputs),
  isActivation: true,
})
