import type { AttributesOf } from '../../ir/ops/index.ts'
import { at, build, dimensions, type Volume } from './array.ts'
import type { Oracle } from './oracle.ts'
import { reflect } from './pools.ts'

export const identity: Oracle = ({ x }) => x

/** Same elements in the same order. */
export const reshape: Oracle = ({ x, output }) => ({ shape: output.shape, data: x.data })

export const concat: Oracle = ({ inputs, output }) => ({
  shape: output.shape,
  data: Float64Array.from(inputs.flatMap(({ data }) => [...data])),
})

/** Channels from `start` on, as many as the type says. */
const channelsFrom = (x: Volume, start: number, shape: readonly number[]): Volume =>
  build({ dtype: 'float32', shape }, (c, y, z) => at(x, start + c, y, z))

export const split: Oracle<AttributesOf<'split'>> = ({ attributes, x, outputs }) => {
  let start = 0
  return attributes.sizes.map((size, i) => {
    const piece = channelsFrom(x, start, outputs[i]?.shape ?? [])
    start += size
    return piece
  })
}

export const slice: Oracle<AttributesOf<'slice'>> = ({ attributes, x, output }) =>
  channelsFrom(x, attributes.start, output.shape)

export const spaceToDepth: Oracle<AttributesOf<'space_to_depth'>> = ({ attributes, x, output }) => {
  const { block } = attributes
  const [channels] = dimensions(x)
  return build(output, (o, y, z) => {
    const place = Math.floor(o / channels)
    return at(x, o % channels, y * block + Math.floor(place / block), z * block + (place % block))
  })
}

export const depthToSpace: Oracle<AttributesOf<'depth_to_space'>> = ({ attributes, x, output }) => {
  const { block } = attributes
  const [channels] = dimensions(output)
  return build(output, (c, y, z) => {
    const place = (y % block) * block + (z % block)
    return at(x, place * channels + c, Math.floor(y / block), Math.floor(z / block))
  })
}

export const channelShuffle: Oracle<AttributesOf<'channel_shuffle'>> = ({ attributes, x, output }) => {
  const { groups } = attributes
  const perGroup = dimensions(x)[0] / groups
  return build(output, (o, y, z) => at(x, (o % groups) * perGroup + Math.floor(o / groups), y, z))
}

export const pad: Oracle<AttributesOf<'pad'>> = ({ attributes, x, output }) => {
  const [top, , , left] = attributes.padding
  const [, height, width] = dimensions(x)
  if (attributes.mode === 'zero') return build(output, (c, y, z) => at(x, c, y - top, z - left))
  return build(output, (c, y, z) => at(x, c, reflect(y - top, height), reflect(z - left, width)))
}

export const upsample: Oracle<AttributesOf<'upsample'>> = ({ attributes, x, output }) => {
  const [down, right] = attributes.factor
  const [, height, width] = dimensions(x)
  if (attributes.mode === 'nearest')
    return build(output, (c, y, z) => at(x, c, Math.floor(y / down), Math.floor(z / right)))
  const [rows, columns] = [sampler(down, height), sampler(right, width)]
  return build(output, (c, y, z) => {
    const [above, below, dy] = rows(y)
    const [before, after, dx] = columns(z)
    const upper = at(x, c, above, before) * (1 - dx) + at(x, c, above, after) * dx
    const lower = at(x, c, below, before) * (1 - dx) + at(x, c, below, after) * dx
    return upper * (1 - dy) + lower * dy
  })
}

/** The two nearest pixels and the share of the second, sampling at pixel centres. */
const sampler =
  (factor: number, size: number) =>
  (index: number): [first: number, second: number, share: number] => {
    const position = Math.max((index + 0.5) / factor - 0.5, 0)
    const floor = Math.floor(position)
    return [floor, Math.min(floor + 1, size - 1), position - floor]
  }
