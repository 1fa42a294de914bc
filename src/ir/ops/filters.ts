import { type ParameterDefinition, isProblem, problem, type Problem } from './definition.ts'
import { filtered, totalElements } from './cost.ts'
import { elements, type TensorType, sameShape, tensor } from '../tensor-type.ts'
import {
  fitProblem,
  geometryOf,
  resolvePadding,
  type PaddingChoice,
  type Pair,
  type Window,
  unitPair,
} from './geometry.ts'
import { count, flag, padding, sides, size } from './kinds.ts'
import { operator } from './operator.ts'
import { argument, optional, spelling } from './spelling.ts'
import { greatestCommonDivisor, mapType, nearestDivisors, sizesOf } from './tensors.ts'

/**
 * Weight [out, in, ...kernel] and, if wanted, bias [out]. The fans are PyTorch's: inputs and outputs of the
 * weight as it is stored, times the kernel's area; `groups` do not divide `fanOut`.
 */
function filterParameters(
  of: 'conv' | 'linear',
  shape: readonly [out: number, into: number, ...kernel: number[]],
  bias: boolean,
  groups = 1,
): readonly ParameterDefinition[] {
  const [out, into, ...kernel] = shape
  const area = kernel.reduce((product, size) => product * size, 1)
  const initial = { kind: 'scheme', of, fanIn: into * area, fanOut: out * area, groups } as const
  const weight: ParameterDefinition = { role: 'weight', shape, trainable: true, initial }
  if (!bias) return [weight]
  return [weight, { role: 'bias', shape: [out], trainable: true, initial: { kind: 'constant', value: 0 } }]
}

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

const conv = operator({
  name: 'conv',
  doc: 'A convolution (cross-correlation) over a map. Weight is [out, in / groups, kernel height, kernel width].',
  takes: 'map',
  work: 'filter',
  counters: 'rules',
  reference: {
    chapter: 'Learned layers',
    result: '`channels x window(H) x window(W)`; `groups` must divide the input channels and `channels`',
    examples: {
      conv: ['64 x 56 x 56', 'x -> conv(128, 3, stride: 2)'],
      depthwise_conv: ['64 x 56 x 56', 'x -> depthwise_conv(5, stride: 2)'],
    },
  },
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

const unitSteps = { stride: unitPair, dilation: unitPair }

const partialConv = operator({
  name: 'partial_conv',
  doc:
    'Convolves the first `channels` channels, stride 1, and hands the rest on as they are (FasterNet: Chen et ' +
    'al. 2023, arXiv:2303.03667). Weight is [channels, channels, kernel height, kernel width].',
  takes: 'map',
  work: 'filter',
  counters: 'rules',
  reference: {
    chapter: 'Learned layers',
    result: 'the shape of its input',
    examples: { partial_conv: ['64 x 56 x 56', 'x -> partial_conv(4)'] },
  },
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

const linear = operator({
  name: 'linear',
  doc: 'weight * x + bias for a vector, or a map of 1 x 1 as global pooling leaves it. Weight is [out, in].',
  takes: 'features',
  work: 'filter',
  counters: 'rules',
  reference: {
    chapter: 'Learned layers',
    result: '`features`',
    examples: { linear: ['512 x 1 x 1', 'x -> linear(1000)'] },
  },
  attributes: { features: count, bias: flag },
  spellings: [
    spelling({
      name: 'linear',
      doc: 'A fully connected layer.',
      arguments: {
        features: argument(count, 'Size of the resulting vector.'),
        bias: argument(flag, 'Whether a learned offset is added.', true),
      },
      attributes: ({ features, bias }) => ({ features, bias }),
    }),
  ],
  infer: ({ features }) => [tensor(features)],
  parameters: ({ features, bias }, inputs) =>
    filterParameters('linear', [features, sizesOf(inputs).channels], bias),
  cost: ({ features, bias }, inputs, outputs) =>
    filtered(features * totalElements(inputs), inputs.map(elements), outputs.map(elements), {
      bias,
      biased: features,
    }),
})

/** The operators of this file by name, in the order of the reference. */
export const filterOperators = { conv, partial_conv: partialConv, linear }
