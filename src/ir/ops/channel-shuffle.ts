import { movement } from './cost.ts'
import { problem } from './definition.ts'
import { count } from './kinds.ts'
import { operator } from './operator.ts'
import { argument, spelling } from './spelling.ts'
import { nearestDivisors, sizesOf } from './tensors.ts'

export const channelShuffle = operator({
  name: 'channel_shuffle',
  doc:
    'Interleaves groups of channels: channel g * (C / groups) + i becomes i * groups + g (ShuffleNet: Zhang et ' +
    'al. 2017, arXiv:1707.01083).',
  takes: 'map',
  work: 'copy',
  attributes: { groups: count },
  spellings: [
    spelling({
      name: 'channel_shuffle',
      doc: 'Interleaves groups of channels.',
      arguments: { groups: argument(count, 'Number of groups, which divides the channels.') },
      attributes: ({ groups }) => ({ groups }),
    }),
  ],
  keepsChannelConstants: true,
  infer: ({ groups }, inputs) => {
    const { channels } = sizesOf(inputs)
    if (channels % groups === 0) return inputs
    const nearest = nearestDivisors(channels, groups)
    return problem(
      'E0304',
      { op: 'channel_shuffle', groups, channels, side: 'input', nearest },
      { argument: 'groups' },
    )
  },
  cost: (_, inputs, outputs) => movement(inputs, outputs),
  isIdentity: ({ groups }) => groups === 1,
})
