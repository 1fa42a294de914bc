import { view } from './cost.ts'
import { elements, tensor } from '../tensor-type.ts'
import { problem } from './definition.ts'
import { shape } from './kinds.ts'
import { operator } from './operator.ts'
import { argument, spelling } from './spelling.ts'

export const reshape = operator({
  name: 'reshape',
  doc: 'The same elements in another shape, in the logical order channels, height, width.',
  takes: 'any',
  work: 'view',
  attributes: { shape },
  spellings: [
    spelling({
      name: 'reshape',
      doc: 'Gives a tensor another shape of as many elements.',
      arguments: { shape: argument(shape, '[features] or [channels, height, width], without the batch.') },
      attributes: ({ shape }) => ({ shape }),
    }),
  ],
  infer: ({ shape }, inputs) => {
    const output = tensor(...shape)
    const [input] = inputs
    if (input !== undefined && elements(input) !== elements(output))
      return problem('E0319', { from: input.shape, to: shape }, { argument: 'shape' })
    return [output]
  },
  cost: (_, inputs, outputs) => view(inputs, outputs),
})
