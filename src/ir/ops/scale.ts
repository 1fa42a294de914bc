import { backward, totalElements, forward, inBothModes, savesInputs } from './cost.ts'
import { finite } from './kinds.ts'
import { operator } from './operator.ts'
import { argument, spelling } from './spelling.ts'
import { sameType, sizesOf } from './tensors.ts'

export const scale = operator({
  name: 'scale',
  doc: 'weight * x with one learned factor a channel (layer scale: Touvron et al. 2021, arXiv:2103.17239).',
  takes: 'any',
  work: 'pointwise',
  attributes: { initial: finite },
  spellings: [
    spelling({
      name: 'scale',
      doc: 'Multiplies each channel by a learned factor.',
      arguments: { initial: argument(finite, 'What the factors start with.', 1) },
      attributes: ({ initial }) => ({ initial }),
    }),
  ],
  infer: sameType,
  // Backward: g * weight for the input, and the sum of g * x for each factor.
  cost: (_, inputs) =>
    inBothModes(
      forward(inputs, inputs, { arithmetic: totalElements(inputs) }),
      backward(3 * totalElements(inputs), totalElements(inputs), { arithmetic: 3 * totalElements(inputs) }),
      savesInputs(0),
    ),
  parameters: ({ initial }, inputs) => [
    {
      role: 'weight',
      shape: [sizesOf(inputs).channels],
      trainable: true,
      initial: { kind: 'constant', value: initial },
    },
  ],
})
