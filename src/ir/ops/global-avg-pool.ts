import { backward, totalElements, forward, inBothModes, savesNothing } from './cost.ts'
import { operator } from './operator.ts'
import { spelling } from './spelling.ts'
import { mapType, sizesOf } from './tensors.ts'
import { unitPair } from './geometry.ts'

export const globalAvgPool = operator({
  name: 'global_avg_pool',
  doc: 'The mean of each channel over all positions: [C, H, W] becomes [C, 1, 1].',
  takes: 'map',
  work: 'reduction',
  attributes: {},
  spellings: [
    spelling({
      name: 'global_avg_pool',
      doc: 'Averages each channel over the whole map.',
      arguments: {},
      attributes: () => ({}),
    }),
  ],
  keepsChannelConstants: true,
  infer: (_, inputs) => [mapType(sizesOf(inputs).channels, unitPair)],
  // Additions join all elements of a channel, and one division ends them; backward, one product a channel is repeated.
  cost: (_, inputs, outputs) =>
    inBothModes(
      forward(inputs, outputs, { arithmetic: totalElements(inputs) }),
      backward(totalElements(outputs), totalElements(inputs), { arithmetic: totalElements(outputs) }),
      savesNothing,
    ),
})
