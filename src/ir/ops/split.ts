import { backward, totalElements, view } from './cost.ts'
import type { TensorType } from '../tensor-type.ts'
import { problem, type Problem } from './definition.ts'
import { parts, sizes } from './kinds.ts'
import { operator } from './operator.ts'
import { optional, spelling } from './spelling.ts'
import { nearestDivisors, sizesOf, withChannels } from './tensors.ts'

export const split = operator({
  name: 'split',
  doc: 'Cuts the channels into consecutive parts; as many results as `sizes` has.',
  takes: 'any',
  work: 'view',
  attributes: { sizes },
  spellings: [
    spelling({
      name: 'split',
      doc: 'Cuts the channels: `a, b = x -> split(2)`, or `split(sizes: [32, 96])`.',
      arguments: {
        parts: optional(parts, 'Number of equal parts.'),
        sizes: optional(sizes, 'Channels of each part, instead of `parts`.'),
      },
      attributes: ({ parts, sizes }, inputs) => {
        if ((parts === undefined) === (sizes === undefined))
          return problem('E0316', { given: parts === undefined ? 'neither' : 'both' })
        return sizes === undefined ? evenSizes(parts ?? 1, inputs) : { sizes }
      },
    }),
  ],
  keepsChannelConstants: true,
  infer: ({ sizes }, inputs) => {
    const { channels } = sizesOf(inputs)
    if (sizes.reduce((sum, size) => sum + size, 0) !== channels)
      return problem('E0314', { sizes, channels }, { argument: 'sizes' })
    return sizes.map((size) => withChannels(size, inputs[0]))
  },
  // Backward, the gradients of the parts are joined.
  cost: (_, inputs, outputs) => ({
    ...view(inputs, outputs),
    backward: backward(totalElements(outputs), totalElements(inputs)),
  }),
})

function evenSizes(parts: number, inputs: readonly TensorType[]): { sizes: readonly number[] } | Problem {
  const { channels } = sizesOf(inputs)
  if (channels % parts === 0) return { sizes: Array.from({ length: parts }, () => channels / parts) }
  const nearest = nearestDivisors(channels, parts)
  return problem('E0315', { parts, channels, nearest }, { argument: 'parts' })
}
