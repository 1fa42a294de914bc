import { filtered, totalElements } from './cost.ts'
import { elements, type TensorType } from '../tensor-type.ts'
import { isProblem, problem, type Problem } from './definition.ts'
import { filterParameters } from './filter.ts'
import {
  fitProblem,
  geometryOf,
  resolvePadding,
  type PaddingChoice,
  type Pair,
  type Window,
} from './geometry.ts'
import { count, flag, padding, sides, size } from './kinds.ts'
import { operator } from './operator.ts'
import { argument, optional, spelling } from './spelling.ts'
import { greatestCommonDivisor, mapType, nearestDivisors, sizesOf } from './tensors.ts'

const windowArguments = {
  kernel: argument(size, 'Size of the filters.'),
  stride: argument(size, 'Step between windows.', 1),
  padding: argument(
    padding,
    'Zeros around the map: "same" (dilation * (kernel - 1) / 2 on every side, for odd kernels), "same_tf" ' +
      '(TensorFlow\'s rule, from the size of the input), "valid" (none), or explicit.',
    'same',
  ),
  dilation: argument(size, 'Step between the taps of a filter.', 1),
  bias: optional(
    flag,
    'Whether a learned offset is added. Left out: unless a batch norm follows in its pipeline.',
  ),
}

export const conv = operator({
  name: 'conv',
  doc: 'A convolution (cross-correlation) over a map. Weight is [out, in / groups, kernel height, kernel width].',
  takes: 'map',
  work: 'filter',
  attributes: {
    channels: count,
    kernel: size,
    stride: size,
    padding: sides,
    dilation: size,
    groups: count,
    bias: flag,
  },
  spellings: [
    spelling({
      name: 'conv',
      doc: 'A convolution, grouped or not.',
      arguments: {
        channels: argument(count, 'Channels of the result.'),
        kernel: windowArguments.kernel,
        stride: windowArguments.stride,
        padding: windowArguments.padding,
        groups: argument(count, 'Groups of channels that do not see each other.', 1),
        dilation: windowArguments.dilation,
        bias: windowArguments.bias,
      },
      attributes: (given, inputs) => resolve(given, sizesOf(inputs).size),
    }),
    spelling({
      name: 'depthwise_conv',
      doc: 'A convolution of each channel by itself: `conv` with as many groups as channels.',
      arguments: {
        kernel: windowArguments.kernel,
        stride: windowArguments.stride,
        padding: windowArguments.padding,
        dilation: windowArguments.dilation,
        multiplier: argument(count, 'Results for each channel.', 1),
        bias: windowArguments.bias,
      },
      attributes: ({ multiplier, ...given }, inputs) => {
        const { channels: groups, size } = sizesOf(inputs)
        return resolve({ ...given, channels: groups * multiplier, groups }, size)
      },
    }),
  ],
  infer: (attributes, inputs) => {
    const { channels, size } = sizesOf(inputs)
    const geometry = geometryOf(size, attributes)
    const fault = groupsProblem(attributes, channels) ?? fitProblem('conv', geometry)
    return fault ?? [mapType(attributes.channels, geometry.output)]
  },
  parameters: ({ channels, groups, kernel, bias }, inputs) =>
    filterParameters('conv', [channels, sizesOf(inputs).channels / groups, ...kernel], bias, groups),
  cost: (attributes, inputs, outputs) =>
    filtered(macsOf(attributes, inputs, outputs), inputs.map(elements), outputs.map(elements), {
      bias: attributes.bias,
      biased: totalElements(outputs),
    }),
  deferredBias: true,
})

interface Given extends Omit<Window, 'padding'> {
  readonly channels: number
  readonly groups: number
  readonly padding: PaddingChoice
  readonly bias?: boolean | undefined
}

/** Makes padding and bias explicit. */
function resolve({ channels, kernel, stride, dilation, groups, bias = true, ...given }: Given, input: Pair) {
  const padding = resolvePadding(given.padding, input, { kernel, stride, dilation })
  return isProblem(padding) ? padding : { channels, kernel, stride, padding, dilation, groups, bias }
}

interface Grouped {
  readonly channels: number
  readonly groups: number
}

/** Each element of the result takes (in / groups) * kernel area. */
function macsOf(
  { groups, kernel: [height, width] }: Grouped & { readonly kernel: readonly [number, number] },
  inputs: readonly TensorType[],
  outputs: readonly TensorType[],
): number {
  const results = totalElements(outputs)
  return results * (sizesOf(inputs).channels / groups) * height * width
}

/** E0304, with the group counts next to the one given that divide both sides. */
function groupsProblem({ channels: output, groups }: Grouped, input: number): Problem | undefined {
  const side = input % groups !== 0 ? 'input' : 'output'
  const channels = side === 'input' ? input : output
  if (channels % groups === 0) return undefined
  const nearest = nearestDivisors(greatestCommonDivisor(input, output), groups)
  return problem('E0304', { op: 'conv', groups, channels, side, nearest }, { argument: 'groups' })
}
