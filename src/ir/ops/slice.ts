import { backward, totalElements, view } from './cost.ts'
import { problem } from './definition.ts'
import { count, index } from './kinds.ts'
import { operator } from './operator.ts'
import { argument, optional, spelling } from './spelling.ts'
import { sizesOf, withChannels } from './tensors.ts'

export const slice = operator({
  name: 'slice',
  doc: 'Channels `start` to `end` of a tensor, counted from 0, `end` left out.',
  takes: 'any',
  work: 'view',
  attributes: { start: index, end: count },
  spellings: [
    spelling({
      name: 'slice',
      doc: 'Takes some consecutive channels.',
      arguments: {
        start: argument(index, 'First channel.'),
        end: optional(count, 'Channel after the last. Left out: all that remain.'),
      },
      attributes: ({ start, end }, inputs) => ({ start, end: end ?? sizesOf(inputs).channels }),
    }),
  ],
  keepsChannelConstants: true,
  infer: ({ start, end }, inputs) => {
    const { channels } = sizesOf(inputs)
    if (start >= end || end > channels) return problem('E0317', { start, end, channels })
    return [withChannels(end - start, inputs[0])]
  },
  // Backward, the gradient is laid into zeros of the input's size.
  cost: (_, inputs, outputs) => ({
    ...view(inputs, outputs),
    backward: backward(totalElements(outputs), totalElements(inputs)),
  }),
})
