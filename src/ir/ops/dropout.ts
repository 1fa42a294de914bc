import { backward, totalElements, forward, savesNothing, view } from './cost.ts'
import { rate } from './kinds.ts'
import { operator } from './operator.ts'
import { argument, spelling } from './spelling.ts'
import { sameType } from './tensors.ts'

export const dropout = operator({
  name: 'dropout',
  doc: 'Zeroes elements at random and scales the others by 1 / (1 - rate) (Srivastava et al. 2014). Training only.',
  takes: 'any',
  work: 'pointwise',
  attributes: { rate },
  spellings: [
    spelling({
      name: 'dropout',
      doc: 'Drops single elements in training.',
      arguments: { rate: argument(rate, 'Probability that an element is dropped.') },
      attributes: ({ rate }) => ({ rate }),
    }),
  ],
  infer: sameType,
  // Nothing at all outside of training. In it: a draw compared with the rate, then a product; g times the same.
  cost: (_, inputs) => ({
    inference: view(inputs, inputs).inference,
    training: forward(inputs, inputs, { arithmetic: 2 * totalElements(inputs) }),
    backward: backward(totalElements(inputs), totalElements(inputs), { arithmetic: totalElements(inputs) }),
    saves: { ...savesNothing, mask: totalElements(inputs) },
  }),
  isIdentity: ({ rate }) => rate === 0,
  trainingOnly: true,
})
