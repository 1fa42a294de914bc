import {
  concat as tfConcat,
  depthToSpace as tfDepthToSpace,
  image,
  mirrorPad,
  pad as tfPad,
  reshape as tfReshape,
  slice as tfSlice,
  split as tfSplit,
  transpose,
  type Tensor4D,
} from '@tensorflow/tfjs-core'
import type { AttributesOf } from '../../../ir/ops/index.ts'
import type { StepBuilder } from '../step.ts'
import { toDevice, toLogical } from '../layout.ts'
import { asMap, explicit, first } from './maps.ts'

/** For what acts in training only. */
export const identity: StepBuilder = () => (inputs) => first(inputs).clone()

const concat: StepBuilder = () => (inputs) => tfConcat([...inputs], -1)

const split: StepBuilder<AttributesOf<'split'>> =
  ({ attributes }) =>
  (inputs) =>
    tfSplit(first(inputs), [...attributes.sizes], -1)

const slice: StepBuilder<AttributesOf<'slice'>> = ({ attributes }) => {
  const { start, end } = attributes
  return (inputs) => {
    const x = first(inputs)
    const leading = x.shape.slice(0, -1)
    return tfSlice(x, [...leading.map(() => 0), start], [...leading, end - start])
  }
}

/** Elements keep their logical (NCHW) order. */
const reshape: StepBuilder = ({ inputs, outputs }) => {
  const from = inputs[0]?.shape ?? []
  const to = outputs[0]?.shape ?? []
  return (given) => {
    const x = first(given)
    const [batch = 1] = x.shape
    return toDevice(toLogical(x, from), to, batch)
  }
}

/** Output channel (dy * block + dx) * C + c: rows of a block stay contiguous in NHWC, so rank 4 is enough. */
const spaceToDepth: StepBuilder<AttributesOf<'space_to_depth'>> = ({ attributes }) => {
  const { block } = attributes
  return ([given]) => {
    const [batch, height, width, channels] = asMap(given).shape
    const rows = [(batch * height) / block, block, width / block, block * channels]
    const moved = transpose(tfReshape(asMap(given), rows), [0, 2, 1, 3])
    return tfReshape(moved, [batch, height / block, width / block, block * block * channels])
  }
}

/** tfjs reads input channels in the IR's order: (dy * block + dx) * C + c. */
const depthToSpace: StepBuilder<AttributesOf<'depth_to_space'>> =
  ({ attributes }) =>
  ([x]) =>
    tfDepthToSpace(asMap(x), attributes.block)

/** Channel g * (C / groups) + i goes to i * groups + g (Zhang et al. 2017, arXiv:1707.01083). */
const channelShuffle: StepBuilder<AttributesOf<'channel_shuffle'>> = ({ attributes }) => {
  const { groups } = attributes
  return ([given]) => {
    const x = asMap(given)
    const apart = tfReshape(x, [-1, groups, x.shape[3] / groups])
    return tfReshape(transpose(apart, [0, 2, 1]), x.shape)
  }
}

const pad: StepBuilder<AttributesOf<'pad'>> = ({ attributes }) => {
  const sides = explicit(attributes.padding)
  if (attributes.mode === 'reflect') return ([x]) => mirrorPad(asMap(x), sides, 'reflect')
  return ([x]) => tfPad(asMap(x), sides)
}

/** Both modes sample at half pixels: for whole factors nearest then never lies on a rounding edge. */
const upsample: StepBuilder<AttributesOf<'upsample'>> = ({ attributes, outputs }) => {
  const [, height = 1, width = 1] = outputs[0]?.shape ?? []
  const resize = attributes.mode === 'bilinear' ? image.resizeBilinear : image.resizeNearestNeighbor
  return ([x]) => resize<Tensor4D>(asMap(x), [height, width], false, true)
}

/** Operators that move elements or look at them in another way, and those that act in training only. */
export const rearrangementBuilders = {
  channel_shuffle: channelShuffle,
  concat,
  depth_to_space: depthToSpace,
  drop_path: identity,
  dropout: identity,
  flatten: reshape,
  pad,
  reshape,
  slice,
  space_to_depth: spaceToDepth,
  split,
  upsample,
}
