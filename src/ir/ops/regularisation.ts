import { backward, totalElements, forward, savesNothing, view } from './cost.ts'
import { rate } from './kinds.ts'
import { operator } from './operator.ts'
import { argument, spelling } from './spelling.ts'
import { sameType } from './tensors.ts'

const dropout = operator({
  name: 'dropout',
  doc: 'Zeroes elements at random and scales the others by 1 / (1 - rate) (Srivastava et al. 2014). Training only.',
  takes: 'any',
  work: 'pointwise',
  counters: 'none',
  reference: {
    chapter: 'Training only',
    result: 'the shape of its input',
    examples: { dropout: ['64 x 56 x 56', 'x -> dropout(0.2)'] },
  },
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

const dropPath = operator({
  name: 'drop_path',
  doc: 'Zeroes whole images of a batch at random, and with them a branch, and scales the others by 1 / (1 - rate) (Huang et al. 2016, arXiv:1603.09382). Training only.',
  takes: 'any',
  work: 'pointwise',
  counters: 'none',
  reference: {
    chapter: 'Training only',
    result: 'the shape of its input',
    examples: { drop_path: ['64 x 56 x 56', 'x -> drop_path(0.1)'] },
  },
  attributes: { rate },
  spellings: [
    spelling({
      name: 'drop_path',
      doc: 'Stochastic depth: drops a branch in training.',
      arguments: { rate: argument(rate, 'Probability that the branch is dropped for an image.') },
      attributes: ({ rate }) => ({ rate }),
    }),
  ],
  infer: sameType,
  // Nothing at all outside of training. In it: one draw compared with the rate, then products; g times the same.
  cost: (_, inputs) => ({
    inference: view(inputs, inputs).inference,
    training: forward(inputs, inputs, { arithmetic: totalElements(inputs) + 1 }),
    backward: backward(totalElements(inputs), totalElements(inputs), { arithmetic: totalElements(inputs) }),
    saves: { ...savesNothing, mask: 1 },
  }),
  isIdentity: ({ rate }) => rate === 0,
  trainingOnly: true,
})

/** The operators of this file by name, in the order of the reference. */
export const regularisation = { dropout, drop_path: dropPath }
