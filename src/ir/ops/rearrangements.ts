import {
  backward,
  movement,
  totalElements,
  view,
  forward,
  inBothModes,
  savesInputs,
  savesNothing,
} from './cost.ts'
import { type TensorType, elements, tensor } from '../tensor-type.ts'
import { problem, type Problem } from './definition.ts'
import {
  MAX_PARTS,
  parts,
  sizes,
  count,
  index,
  shape,
  choice,
  explicitPadding,
  sides,
  small,
  size,
} from './kinds.ts'
import { operator } from './operator.ts'
import { spelling, optional, argument } from './spelling.ts'
import { sizesOf, withChannels, nearestDivisors, mapType, reflectProblem, axes } from './tensors.ts'
import { totalPadding } from './geometry.ts'

const concat = operator({
  name: 'concat',
  doc: 'Joins the channels of its inputs, in their order; height and width must be equal.',
  takes: 'any',
  work: 'copy',
  counters: 'none',
  reference: {
    chapter: 'Combining tensors',
    result: 'the sum of all channels `x H x W`; H and W must be equal',
    examples: { concat: ['64 x 56 x 56', 'concat(x, x, x)'] },
  },
  inputs: { min: 1, max: MAX_PARTS },
  attributes: {},
  spellings: [
    spelling({
      name: 'concat',
      doc: 'Joins channels: `concat(a, b)`.',
      arguments: {},
      attributes: () => ({}),
    }),
  ],
  keepsChannelConstants: true,
  infer: (_, inputs) => {
    const channels = inputs.reduce((sum, input) => sum + sizesOf([input]).channels, 0)
    return mismatchProblem(inputs) ?? [withChannels(channels, inputs[0])]
  },
  // Backward, each input's gradient is a part of the result's, and looked at where it lies.
  cost: (_, inputs, outputs) => ({ ...movement(inputs, outputs), backward: backward(0, 0) }),
})

/** E0313 at the first input that does not agree with the one before all. */
function mismatchProblem([first, ...others]: readonly TensorType[]): Problem | undefined {
  const a = first?.shape ?? []
  for (const [index, { shape: b }] of others.entries()) {
    const axis = differing(a, b)
    if (axis !== undefined) return problem('E0313', { axis, a, b }, { input: index + 1 })
  }
  return undefined
}

function differing(a: readonly number[], b: readonly number[]): 'rank' | 'height' | 'width' | undefined {
  if (a.length !== b.length) return 'rank'
  if (a[1] !== b[1]) return 'height'
  return a[2] === b[2] ? undefined : 'width'
}

const split = operator({
  name: 'split',
  doc: 'Cuts the channels into consecutive parts; as many results as `sizes` has.',
  takes: 'any',
  work: 'view',
  counters: 'none',
  reference: {
    chapter: 'Moving pixels and channels',
    result:
      'one tensor for each part, of its channels and the input’s H x W; the parts must make up C exactly',
    examples: { split: ['64 x 56 x 56', 'a, b = x -> split(sizes: [16, 48])'] },
  },
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

const slice = operator({
  name: 'slice',
  doc: 'Channels `start` to `end` of a tensor, counted from 0, `end` left out.',
  takes: 'any',
  work: 'view',
  counters: 'none',
  reference: {
    chapter: 'Moving pixels and channels',
    result: '`(end - start) x H x W`',
    examples: { slice: ['64 x 56 x 56', 'x -> slice(16, 48)'] },
  },
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

const reshape = operator({
  name: 'reshape',
  doc: 'The same elements in another shape, in the logical order channels, height, width.',
  takes: 'any',
  work: 'view',
  counters: 'none',
  reference: {
    chapter: 'Moving pixels and channels',
    result: '`shape`, which must have as many elements as the input',
    examples: { reshape: ['64 x 56 x 56', 'x -> reshape([16, 112, 112])'] },
  },
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

const flatten = operator({
  name: 'flatten',
  doc: 'A map as a vector, channels slowest: [C, H, W] becomes [C * H * W].',
  takes: 'any',
  work: 'view',
  counters: 'none',
  reference: {
    chapter: 'Moving pixels and channels',
    result: '`C * H * W`',
    examples: { flatten: ['64 x 56 x 56', 'x -> flatten'] },
  },
  attributes: {},
  spellings: [
    spelling({
      name: 'flatten',
      doc: 'Makes a vector of a map.',
      arguments: {},
      attributes: () => ({}),
    }),
  ],
  infer: (_, inputs) => inputs.map((input) => tensor(elements(input))),
  cost: (_, inputs, outputs) => view(inputs, outputs),
})

const padMode = choice(['zero', 'reflect'])

const pad = operator({
  name: 'pad',
  doc: 'Adds pixels around a map: zeros, or the map reflected without its edge.',
  takes: 'map',
  work: 'copy',
  counters: 'none',
  reference: {
    chapter: 'Moving pixels and channels',
    result: '`C x (top + H + bottom) x (left + W + right)`; a reflected side must be smaller than the map',
    examples: { pad: ['64 x 56 x 56', 'x -> pad([0, 1, 1, 0])'] },
  },
  attributes: { padding: sides, mode: padMode },
  spellings: [
    spelling({
      name: 'pad',
      doc: 'Adds pixels around a map.',
      arguments: {
        padding: argument(
          explicitPadding,
          'Pixels on every side, [height, width], or [top, right, bottom, left].',
        ),
        mode: argument(padMode, 'What is added: "zero" or "reflect".', 'zero'),
      },
      attributes: ({ padding, mode }) => ({ padding, mode }),
    }),
  ],
  infer: ({ padding, mode }, inputs) => {
    const { channels, size } = sizesOf(inputs)
    const [height, width] = totalPadding(padding)
    const fault = mode === 'reflect' ? reflectProblem('pad', size, padding) : undefined
    return fault ?? [mapType(channels, [size[0] + height, size[1] + width])]
  },
  // Backward, zeros take no gradient, and a reflected pixel's is added to where it came from. PyTorch keeps the input of
  // `reflection_pad2d`, of which it needs the shape only.
  cost: ({ mode }, inputs, outputs) => {
    const into = totalElements(inputs)
    const out = totalElements(outputs)
    const [back, saves] =
      mode === 'zero'
        ? [backward(into, into), savesNothing]
        : [backward(out, into, { arithmetic: out - into }), savesInputs(0)]
    return inBothModes(forward(inputs, outputs), back, saves)
  },
  isIdentity: ({ padding }) => padding.every((side) => side === 0),
})

const channelShuffle = operator({
  name: 'channel_shuffle',
  doc:
    'Interleaves groups of channels: channel g * (C / groups) + i becomes i * groups + g (ShuffleNet: Zhang et ' +
    'al. 2017, arXiv:1707.01083).',
  takes: 'map',
  work: 'copy',
  counters: 'none',
  reference: {
    chapter: 'Moving pixels and channels',
    result: 'the shape of its input; `groups` must divide C',
    examples: { channel_shuffle: ['64 x 56 x 56', 'x -> channel_shuffle(4)'] },
  },
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

const spaceToDepth = operator({
  name: 'space_to_depth',
  doc:
    'Moves each block of block x block pixels into channels: [C, H, W] becomes [C * block^2, H / block, W / ' +
    'block]. Channel c of pixel (dy, dx) becomes (dy * block + dx) * C + c, as in TResNet.',
  takes: 'map',
  work: 'copy',
  counters: 'none',
  reference: {
    chapter: 'Moving pixels and channels',
    result: '`block * block * C x H / block x W / block`; `block` must divide H and W',
    examples: { space_to_depth: ['64 x 56 x 56', 'x -> space_to_depth(4)'] },
  },
  attributes: { block: small },
  spellings: [
    spelling({
      name: 'space_to_depth',
      doc: 'Makes channels of blocks of pixels.',
      arguments: { block: argument(small, 'Side of a block.') },
      attributes: ({ block }) => ({ block }),
    }),
  ],
  infer: ({ block }, inputs) => {
    const { channels, size } = sizesOf(inputs)
    for (const { axis, name } of axes)
      if (size[axis] % block !== 0)
        return problem('E0307', { op: 'space_to_depth', block, axis: name, size: size[axis] })
    return [mapType(channels * block * block, [size[0] / block, size[1] / block])]
  },
  cost: (_, inputs, outputs) => movement(inputs, outputs),
  isIdentity: ({ block }) => block === 1,
})

const depthToSpace = operator({
  name: 'depth_to_space',
  doc:
    'The inverse of space_to_depth: [C * block^2, H, W] becomes [C, H * block, W * block]; channel (dy * block ' +
    '+ dx) * C + c becomes channel c of pixel (dy, dx).',
  takes: 'map',
  work: 'copy',
  counters: 'none',
  reference: {
    chapter: 'Moving pixels and channels',
    result: '`C / (block * block) x block * H x block * W`; `block * block` must divide C',
    examples: { depth_to_space: ['64 x 56 x 56', 'x -> depth_to_space(2)'] },
  },
  attributes: { block: small },
  spellings: [
    spelling({
      name: 'depth_to_space',
      doc: 'Makes blocks of pixels of channels.',
      arguments: { block: argument(small, 'Side of a block.') },
      attributes: ({ block }) => ({ block }),
    }),
  ],
  infer: ({ block }, inputs) => {
    const { channels, size } = sizesOf(inputs)
    if (channels % (block * block) !== 0) return problem('E0308', { op: 'depth_to_space', block, channels })
    return [mapType(channels / (block * block), [size[0] * block, size[1] * block])]
  },
  cost: (_, inputs, outputs) => movement(inputs, outputs),
  isIdentity: ({ block }) => block === 1,
})

const upsampleMode = choice(['nearest', 'bilinear'])

const upsample = operator({
  name: 'upsample',
  doc:
    'Enlarges a map by whole factors. Bilinear samples at pixel centres: (out + 0.5) / factor - 0.5, clamped ' +
    'to the map (PyTorch with align_corners=False).',
  takes: 'map',
  work: 'pointwise',
  counters: 'rules',
  reference: {
    chapter: 'Pooling and resampling',
    result: '`C x factor * H x factor * W`',
    examples: { upsample: ['64 x 56 x 56', 'x -> upsample(2, "bilinear")'] },
  },
  attributes: { factor: size, mode: upsampleMode },
  spellings: [
    spelling({
      name: 'upsample',
      doc: 'Enlarges a map.',
      arguments: {
        factor: argument(size, 'How many times larger.'),
        mode: argument(upsampleMode, 'How to interpolate: "nearest" or "bilinear".', 'nearest'),
      },
      attributes: ({ factor, mode }) => ({ factor, mode }),
    }),
  ],
  infer: ({ factor }, inputs) => {
    const { channels, size } = sizesOf(inputs)
    return [mapType(channels, [size[0] * factor[0], size[1] * factor[1]])]
  },
  // Nearest moves, and its gradient sums the copies; bilinear joins four neighbours by 4 products and 3 sums, and
  // spreads gradients by 4 products and 4 sums.
  cost: ({ mode }, inputs, outputs) => {
    const work = { arithmetic: mode === 'bilinear' ? 7 * totalElements(outputs) : 0 }
    const back = backward(totalElements(outputs), totalElements(inputs), {
      arithmetic:
        mode === 'bilinear' ? 8 * totalElements(outputs) : totalElements(outputs) - totalElements(inputs),
    })
    return inBothModes(forward(inputs, outputs, work), back, savesNothing)
  },
  isIdentity: ({ factor }) => factor.every((times) => times === 1),
})

/** The operators of this file by name, in the order of the reference. */
export const rearrangements = {
  upsample,
  pad,
  space_to_depth: spaceToDepth,
  depth_to_space: depthToSpace,
  channel_shuffle: channelShuffle,
  split,
  slice,
  reshape,
  flatten,
  concat,
}
