import { elements, type TensorType } from '../../ir/tensor-type.ts'
import type { Attributes, ParameterRole } from '../../ir/ops/definition.ts'
import {
  activationNames,
  activationOf,
  type ActivationName,
  type InnerActivation,
} from '../../ir/ops/activations.ts'
import { evaluateFormula } from '../../ir/ops/formula.ts'
import type { AttributesOf, OpName } from '../../ir/ops/index.ts'

/** A tensor of one image in logical order (CHW), in float64. */
export interface Volume {
  readonly shape: readonly number[]
  readonly data: Float64Array
}

/** Channels, height, width; a vector counts as a map of 1 x 1. */
function dimensions({ shape }: { shape: readonly number[] }): [c: number, h: number, w: number] {
  return [shape[0] ?? 1, shape[1] ?? 1, shape[2] ?? 1]
}

/** An element; outside the map, `outside`. */
function at(x: Volume, c: number, y: number, z: number, outside = 0): number {
  const [, height, width] = dimensions(x)
  if (y < 0 || z < 0 || y >= height || z >= width) return outside
  return x.data[(c * height + y) * width + z] ?? NaN
}

/** Fills a volume of the given type element by element. */
function build({ shape }: TensorType, element: (c: number, y: number, x: number) => number): Volume {
  const [channels, height, width] = dimensions({ shape })
  const data = new Float64Array(elements({ shape }))
  let i = 0
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[i++] = element(c, y, x)
  return { shape, data }
}

const mapValues = ({ shape, data }: Volume, f: (value: number) => number): Volume => ({
  shape,
  data: data.map(f),
})

/** What one operator means, in loops plain enough to be believed; the measure of every other backend. */
type Oracle<A extends Attributes = Attributes> = (call: Call<A>) => Volume | readonly Volume[]

interface Call<A extends Attributes = Attributes> {
  readonly attributes: A
  readonly inputs: readonly Volume[]
  /** The first input; most operators have no other. */
  readonly x: Volume
  /** Inferred types of the outputs; `output` is the first. */
  readonly outputs: readonly TensorType[]
  readonly output: TensorType
  readonly parameter: (role: ParameterRole) => Float32Array
}

/** The activation that an operator names in its attributes, as a function of one number; `none` changes nothing. */
function activationAt({ name, slope }: InnerActivation): (x: number) => number {
  if (name === 'none') return (x) => x
  const { value } = activationOf(name)
  return (x) => evaluateFormula(value, { x, parameter: slope })
}

/** An element of a volume whose axes of size 1 are repeated. */
function repeated(x: Volume, c: number, y: number, z: number): number {
  const [channels, height, width] = dimensions(x)
  return at(x, channels === 1 ? 0 : c, height === 1 ? 0 : y, width === 1 ? 0 : z)
}

const folded =
  (combine: (a: number, b: number) => number): Oracle =>
  ({ inputs, output }) =>
    build(output, (c, y, z) => inputs.map((x) => repeated(x, c, y, z)).reduce(combine))

const add = folded((a, b) => a + b)
const mul = folded((a, b) => a * b)

const scale: Oracle<AttributesOf<'scale'>> = ({ x, output, parameter }) =>
  build(output, (c, y, z) => at(x, c, y, z) * (parameter('weight')[c] ?? NaN))

const softmax: Oracle = ({ x, output }) => {
  const [channels] = dimensions(x)
  return build(output, (c, y, z) => {
    const values = Array.from({ length: channels }, (_, other) => at(x, other, y, z))
    const most = Math.max(...values)
    const total = values.reduce((sum, value) => sum + Math.exp(value - most), 0)
    return Math.exp(at(x, c, y, z) - most) / total
  })
}

const conv: Oracle<AttributesOf<'conv'>> = ({ attributes, x, output, parameter }) => {
  const { channels, kernel, stride, padding, dilation, groups, bias } = attributes
  const [height, width] = kernel
  const inputs = dimensions(x)[0] / groups
  const weight = parameter('weight')
  const offset = bias ? parameter('bias') : undefined
  return build(output, (o, y, z) => {
    const group = Math.floor(o / (channels / groups))
    let sum = offset?.[o] ?? 0
    for (let i = 0; i < inputs; i++)
      for (let ky = 0; ky < height; ky++)
        for (let kx = 0; kx < width; kx++) {
          const row = y * stride[0] - padding[0] + ky * dilation[0]
          const column = z * stride[1] - padding[3] + kx * dilation[1]
          const tap = weight[((o * inputs + i) * height + ky) * width + kx] ?? NaN
          sum += tap * at(x, group * inputs + i, row, column)
        }
    return sum
  })
}

const partialConv: Oracle<AttributesOf<'partial_conv'>> = (call) => {
  const { attributes, x, output } = call
  const { channels } = attributes
  const [, height, width] = dimensions(x)
  const part = { shape: [channels, height, width], data: x.data.subarray(0, channels * height * width) }
  const geometry = { stride: [1, 1], dilation: [1, 1], groups: 1 } as const
  const inner: Call<AttributesOf<'conv'>> = {
    ...call,
    x: part,
    attributes: { ...attributes, ...geometry },
    output: { ...output, shape: [channels, ...output.shape.slice(1)] },
  }
  const convolved = [conv(inner)].flat()[0]
  return build(output, (c, y, z) => (convolved && c < channels ? at(convolved, c, y, z) : at(x, c, y, z)))
}

const linear: Oracle<AttributesOf<'linear'>> = ({ attributes, x, output, parameter }) => {
  const weight = parameter('weight')
  const offset = attributes.bias ? parameter('bias') : undefined
  return build(output, (o) =>
    x.data.reduce((sum, value, i) => sum + value * (weight[o * x.data.length + i] ?? NaN), offset?.[o] ?? 0),
  )
}

type Normed = Pick<Call<{ eps: number }>, 'attributes' | 'x' | 'output' | 'parameter'>

function runningNorm({ attributes, x, output, parameter }: Normed): Volume {
  const of = (role: 'weight' | 'bias' | 'running_mean' | 'running_var', c: number) =>
    parameter(role)[c] ?? NaN
  return build(output, (c, y, z) => {
    const deviation = Math.sqrt(of('running_var', c) + attributes.eps)
    return ((at(x, c, y, z) - of('running_mean', c)) / deviation) * of('weight', c) + of('bias', c)
  })
}

const batchNorm: Oracle<AttributesOf<'batch_norm'>> = runningNorm

const abn: Oracle<AttributesOf<'abn'>> = (call) => {
  const { activation, slope } = call.attributes
  return mapValues(runningNorm(call), activationAt({ name: activation, slope }))
}

const layerNorm: Oracle<AttributesOf<'layer_norm'>> = ({ attributes, x, output, parameter }) => {
  const [channels] = dimensions(x)
  return build(output, (c, y, z) => {
    const values = Array.from({ length: channels }, (_, other) => at(x, other, y, z))
    const mean = values.reduce((sum, value) => sum + value, 0) / channels
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / channels
    const normal = (at(x, c, y, z) - mean) / Math.sqrt(variance + attributes.eps)
    return normal * (parameter('weight')[c] ?? NaN) + (parameter('bias')[c] ?? NaN)
  })
}

type Pool = AttributesOf<'max_pool'>

/** The elements of one window that lie in the map. */
function windowOf(x: Volume, { kernel, stride, padding }: Pool, c: number, y: number, z: number): number[] {
  const [, height, width] = dimensions(x)
  const found: number[] = []
  for (let ky = 0; ky < kernel[0]; ky++)
    for (let kx = 0; kx < kernel[1]; kx++) {
      const row = y * stride[0] - padding[0] + ky
      const column = z * stride[1] - padding[3] + kx
      if (row >= 0 && row < height && column >= 0 && column < width) found.push(at(x, c, row, column))
    }
  return found
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const maxPool: Oracle<Pool> = ({ attributes, x, output }) =>
  build(output, (c, y, z) => Math.max(...windowOf(x, attributes, c, y, z)))

const avgPool: Oracle<AttributesOf<'avg_pool'>> = ({ attributes, x, output }) =>
  build(output, (c, y, z) => {
    const values = windowOf(x, attributes, c, y, z)
    const area = attributes.kernel[0] * attributes.kernel[1]
    return sum(values) / (attributes.count_padding ? area : values.length)
  })

const globalAvgPool: Oracle = ({ x, output }) => {
  const [, height, width] = dimensions(x)
  const area = height * width
  return build(output, (c) => sum([...x.data.subarray(c * area, (c + 1) * area)]) / area)
}

/** An index beyond the edge, mirrored without repeating the edge. */
function reflect(index: number, size: number): number {
  const positive = Math.abs(index)
  return positive < size ? positive : 2 * (size - 1) - positive
}

const blurPool: Oracle<AttributesOf<'blur_pool'>> = ({ attributes, x, output }) => {
  const [down, right] = attributes.stride
  if (down === 1 && right === 1) return x
  const [, height, width] = dimensions(x)
  const taps = [1, 2, 1]
  return build(output, (c, y, z) => {
    let total = 0
    for (const [ky, row] of taps.entries())
      for (const [kx, column] of taps.entries())
        total +=
          row * column * at(x, c, reflect(y * down + ky - 1, height), reflect(z * right + kx - 1, width))
    return total / 16
  })
}

const identity: Oracle = ({ x }) => x

/** The same elements in the same order. */
const reshape: Oracle = ({ x, output }) => ({ shape: output.shape, data: x.data })

const concat: Oracle = ({ inputs, output }) => ({
  shape: output.shape,
  data: Float64Array.from(inputs.flatMap(({ data }) => [...data])),
})

/** Channels from `start` on, as many as the type says. */
const channelsFrom = (x: Volume, start: number, shape: readonly number[]): Volume =>
  build({ dtype: 'float32', shape }, (c, y, z) => at(x, start + c, y, z))

const split: Oracle<AttributesOf<'split'>> = ({ attributes, x, outputs }) => {
  let start = 0
  return attributes.sizes.map((size, i) => {
    const piece = channelsFrom(x, start, outputs[i]?.shape ?? [])
    start += size
    return piece
  })
}

const slice: Oracle<AttributesOf<'slice'>> = ({ attributes, x, output }) =>
  channelsFrom(x, attributes.start, output.shape)

const spaceToDepth: Oracle<AttributesOf<'space_to_depth'>> = ({ attributes, x, output }) => {
  const { block } = attributes
  const [channels] = dimensions(x)
  return build(output, (o, y, z) => {
    const place = Math.floor(o / channels)
    return at(x, o % channels, y * block + Math.floor(place / block), z * block + (place % block))
  })
}

const depthToSpace: Oracle<AttributesOf<'depth_to_space'>> = ({ attributes, x, output }) => {
  const { block } = attributes
  const [channels] = dimensions(output)
  return build(output, (c, y, z) => {
    const place = (y % block) * block + (z % block)
    return at(x, place * channels + c, Math.floor(y / block), Math.floor(z / block))
  })
}

const channelShuffle: Oracle<AttributesOf<'channel_shuffle'>> = ({ attributes, x, output }) => {
  const { groups } = attributes
  const perGroup = dimensions(x)[0] / groups
  return build(output, (o, y, z) => at(x, (o % groups) * perGroup + Math.floor(o / groups), y, z))
}

const pad: Oracle<AttributesOf<'pad'>> = ({ attributes, x, output }) => {
  const [top, , , left] = attributes.padding
  const [, height, width] = dimensions(x)
  if (attributes.mode === 'zero') return build(output, (c, y, z) => at(x, c, y - top, z - left))
  return build(output, (c, y, z) => at(x, c, reflect(y - top, height), reflect(z - left, width)))
}

const upsample: Oracle<AttributesOf<'upsample'>> = ({ attributes, x, output }) => {
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

const oracleOfActivation =
  (name: ActivationName): Oracle =>
  ({ x, attributes }) => {
    const slope = Number(attributes[activationOf(name).parameter?.name ?? ''] ?? 0)
    return mapValues(x, activationAt({ name, slope }))
  }

const activationOracles = Object.fromEntries(
  activationNames.map((name) => [name, oracleOfActivation(name)]),
) as Readonly<Record<ActivationName, Oracle>>

/** What every operator means; one that is missing here does not compile. */
const oracles: { readonly [N in OpName]: Oracle<AttributesOf<N>> } = {
  ...activationOracles,
  abn,
  add,
  avg_pool: avgPool,
  batch_norm: batchNorm,
  blur_pool: blurPool,
  channel_shuffle: channelShuffle,
  concat,
  conv,
  depth_to_space: depthToSpace,
  drop_path: identity,
  dropout: identity,
  flatten: reshape,
  global_avg_pool: globalAvgPool,
  layer_norm: layerNorm,
  linear,
  max_pool: maxPool,
  mul,
  pad,
  partial_conv: partialConv,
  reshape,
  scale,
  slice,
  softmax,
  space_to_depth: spaceToDepth,
  split,
  upsample,
}

/** A node's attributes are its own operator's (`infer` refuses others), which the type of a union cannot say. */
export const oracleOf = (op: OpName): Oracle => oracles[op] as Oracle
