import { filtered } from './cost.ts'
import { sameShape } from '../tensor-type.ts'
import { isProblem, problem } from './definition.ts'
import { filterParameters } from './filter.ts'
import { fitProblem, geometryOf, resolvePadding, unitPair } from './geometry.ts'
import { count, flag, sides, size } from './kinds.ts'
import { operator } from './operator.ts'
import { argument, spelling } from './spelling.ts'
import { mapType, sizesOf } from './tensors.ts'

const unitSteps = { stride: unitPair, dilation: unitPair }

export const partialConv = operator({
  name: 'partial_conv',
  doc:
    'Convolves the first `channels` channels, stride 1, and hands the rest on as they are (FasterNet: Chen et ' +
    'al. 2023, arXiv:2303.03667). Weight is [channels, channels, kernel height, kernel width].',
  takes: 'map',
  work: 'filter',
  attributes: { channels: count, kernel: size, padding: sides, bias: flag },
  spellings: [
    spelling({
      name: 'partial_conv',
      doc: 'Convolves a part of the channels only, padded to keep the size.',
      arguments: {
        ratio: argument(count, 'One channel in `ratio` is convolved, rounded down.', 4),
        kernel: argument(size, 'Size of the filters, odd.', 3),
        bias: argument(flag, 'Whether a learned offset is added to the convolved channels.', false),
      },
      attributes: ({ ratio, kernel, bias }, inputs) => {
        const { channels: all, size } = sizesOf(inputs)
        const channels = Math.floor(all / ratio)
        if (channels < 1)
          return problem('E0318', { convolved: channels, channels: all, ratio }, { argument: 'ratio' })
        const padding = resolvePadding('same', size, { kernel, ...unitSteps })
        if (isProblem(padding)) return problem('E0305', { kernel }, { argument: 'kernel' })
        return { channels, kernel, padding, bias }
      },
    }),
  ],
  infer: ({ channels, kernel, padding }, inputs) => {
    const { channels: all, size } = sizesOf(inputs)
    if (channels > all) return problem('E0318', { convolved: channels, channels: all })
    const geometry = geometryOf(size, { kernel, padding, ...unitSteps })
    const output = mapType(all, geometry.output)
    const input = mapType(all, size)
    const fits = fitProblem('partial_conv', geometry)
    if (fits !== undefined) return fits
    return sameShape(input, output)
      ? [output]
      : problem('E0321', { input: input.shape, output: output.shape })
  },
  parameters: ({ channels, kernel, bias }) => filterParameters('conv', [channels, channels, ...kernel], bias),
  // Chen et al. 2023, equations 1 and 2: h * w * k^2 * c_p^2 work, and h * w * 2 * c_p elements moved.
  cost: ({ channels, kernel: [height, width], bias }, inputs) => {
    const [mapHeight, mapWidth] = sizesOf(inputs).size
    const part = channels * mapHeight * mapWidth
    return filtered(channels * height * width * part, [part], [part], { bias, biased: part })
  },
})
