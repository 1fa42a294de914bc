import type { Random } from '../random.ts'
import { activations, boolText, floatText, intText, sizeText, type Known } from './values.ts'

/** Channels, height and width, or features alone. */
export type Shape = readonly number[]

export interface Step {
  readonly text: string
  readonly shape: Shape
}

/** Maps stay this small, so that analysing them is quick. */
const MOST_CHANNELS = 256
const MOST_SIDE = 96

const divisors = (value: number): number[] =>
  Array.from({ length: Math.min(value, 64) }, (_, index) => index + 1).filter((part) => value % part === 0)

/** The rule of a sliding window, written anew so that the generator does not lean on what it tests. */
const window = (size: number, pads: number, kernel: number, stride: number, dilation = 1): number =>
  Math.floor((size + pads - dilation * (kernel - 1) - 1) / stride) + 1

interface Geometry {
  readonly kernel: readonly [number, number]
  readonly stride: number
  readonly dilation: number
  readonly padding: string | undefined
  readonly out: readonly [number, number]
}

/** A window that fits a map, with any of the ways to write its padding. */
function geometry(random: Random, [height, width]: readonly [number, number], pool: boolean): Geometry {
  for (let tries = 0; tries < 6; tries++) {
    const kernel = [random.int(1, 5), random.chance(0.7) ? 0 : random.int(1, 5)] as [number, number]
    if (kernel[1] === 0) kernel[1] = kernel[0]
    const stride = random.pick([1, 1, 1, 2, 2, 3])
    const dilation = pool ? 1 : random.pick([1, 1, 1, 2])
    const isOdd = kernel.every((size) => size % 2 === 1)
    const kind = random.pick(
      isOdd ? ['same', 'same', 'same_tf', 'valid', 'pad'] : ['same_tf', 'valid', 'pad'],
    )
    const pad = Math.min(...kernel) === 1 ? 0 : random.int(0, Math.floor(Math.min(...kernel) / 2))
    const out = [height, width].map((size, axis) => {
      const side = kernel[axis]!
      if (kind === 'same_tf') return Math.ceil(size / stride)
      const pads = kind === 'same' ? dilation * (side - 1) : kind === 'valid' ? 0 : 2 * pad
      return window(size, pads, side, stride, dilation)
    }) as [number, number]
    if (out.some((size) => size < 1)) continue
    // The geometry of a reach beyond a map of few pixels may be refused; larger maps only.
    const padding =
      kind === 'same' && !pool && random.chance(0.5)
        ? undefined
        : kind === 'pad'
          ? random.pick([String(pad), `[${pad}, ${pad}]`, `[${pad}, ${pad}, ${pad}, ${pad}]`])
          : `"${kind}"`
    return { kernel, stride, dilation, padding, out }
  }
  return { kernel: [1, 1], stride: 1, dilation: 1, padding: '"valid"', out: [height, width] }
}

/** Makes one step: an operator with plausible arguments that takes `shape`, and what it gives. */
export class Steps {
  constructor(
    private readonly random: Random,
    private readonly known: Known,
  ) {}

  private int = (value: number): string => intText(this.random, value, this.known)
  private float = (value: number): string => floatText(this.random, value, this.known)
  private bool = (value: boolean): string => boolText(this.random, value, this.known)

  /** Any operator that takes the shape. */
  any(shape: Shape): Step {
    const isMap = shape.length === 3
    const forms = isMap
      ? [this.conv, this.conv, this.depthwise, this.pool, this.blur, this.upsample, this.pad, this.move]
      : [this.linear, this.linear]
    const keeping = (): Step => ({ text: this.keep(shape), shape })
    return this.random.chance(0.5) ? keeping() : this.random.pick([...forms, this.cut, this.head])(shape)
  }

  /** An operator that keeps the shape. */
  keep(shape: Shape): string {
    const { random } = this
    const eps = this.float(random.pick([1e-5, 1e-3]))
    const both = [
      'batch_norm',
      `batch_norm(eps: ${eps}, momentum: ${this.float(0.1)})`,
      `batch_norm(initial_scale: ${this.float(0)})`,
      `abn(${random.pick([...activations, 'none'])}, eps: ${eps})`,
      'abn',
      'layer_norm',
      `layer_norm(${eps})`,
      'softmax',
      `scale(${this.float(1e-6)})`,
      'scale',
      `dropout(${this.float(0.2)})`,
      `drop_path(rate: ${this.float(0.1)})`,
      'none',
      ...activations,
    ]
    const [channels = 1] = shape
    const maps = () => [
      `channel_shuffle(${this.int(random.pick(divisors(channels)))})`,
      `partial_conv(${this.int(random.int(1, Math.min(4, channels)))}, kernel: ${this.int(random.pick([1, 3]))})`,
      `conv(${this.int(channels)}, ${this.int(random.pick([1, 3]))}, bias: ${this.bool(random.chance(0.5))})`,
      `depthwise_conv(${this.int(random.pick([1, 3, 5]))})`,
      `conv(groups: ${this.int(random.pick(divisors(channels)))}, kernel: 3, channels: ${this.int(channels)})`,
      'blur_pool(1)',
      'upsample(1)',
      'space_to_depth(1)',
    ]
    return random.chance(0.65) || shape.length === 1 ? random.pick(both) : random.pick(maps())
  }

  private readonly conv = (shape: Shape): Step => {
    const [channels = 1, height = 1, width = 1] = shape
    const { kernel, stride, dilation, padding, out } = geometry(this.random, [height, width], false)
    const groups = this.random.chance(0.7) ? 1 : this.random.pick(divisors(channels))
    const made = groups * this.random.int(1, Math.max(1, Math.floor(64 / groups)))
    const more = [
      ...(padding === undefined ? [] : [`padding: ${padding}`]),
      ...(groups === 1 ? [] : [`groups: ${this.int(groups)}`]),
      ...(dilation === 1 ? [] : [`dilation: ${this.int(dilation)}`]),
      ...(this.random.chance(0.2) ? [`bias: ${this.bool(this.random.chance(0.5))}`] : []),
    ]
    const size = sizeText(this.random, kernel[0], kernel[1], this.known)
    const first = [this.int(made), size, ...(stride === 1 ? [] : [this.int(stride)])]
    return {
      text: `conv(${[...first, ...this.random.shuffled(more)].join(', ')})`,
      shape: [made, ...out],
    }
  }

  private readonly depthwise = (shape: Shape): Step => {
    const [channels = 1, height = 1, width = 1] = shape
    const { kernel, stride, dilation, padding, out } = geometry(this.random, [height, width], false)
    const multiplier = channels <= 64 && this.random.chance(0.3) ? 2 : 1
    const more = [
      `stride: ${this.int(stride)}`,
      ...(padding === undefined ? [] : [`padding: ${padding}`]),
      ...(dilation === 1 ? [] : [`dilation: ${this.int(dilation)}`]),
      ...(multiplier === 1 ? [] : [`multiplier: ${this.int(multiplier)}`]),
    ]
    const size = sizeText(this.random, kernel[0], kernel[1], this.known)
    return {
      text: `depthwise_conv(${[size, ...this.random.shuffled(more)].join(', ')})`,
      shape: [channels * multiplier, ...out],
    }
  }

  private readonly pool = (shape: Shape): Step => {
    const [channels = 1, height = 1, width = 1] = shape
    const { kernel, stride, padding, out } = geometry(this.random, [height, width], true)
    const name = this.random.pick(['max_pool', 'avg_pool'])
    const more = [
      `stride: ${this.int(stride)}`,
      ...(padding === undefined ? [] : [`padding: ${padding}`]),
      // What `ceil` would add is left out: it says no more than that the argument is there.
      ...(stride === 1 && this.random.chance(0.3) ? [`ceil: ${this.bool(true)}`] : []),
      ...(name === 'avg_pool' && this.random.chance(0.3) ? [`count_padding: ${this.bool(false)}`] : []),
    ]
    const size = sizeText(this.random, kernel[0], kernel[1], this.known)
    return {
      text: `${name}(${[size, ...this.random.shuffled(more)].join(', ')})`,
      shape: [channels, ...out],
    }
  }

  private readonly blur = (shape: Shape): Step => {
    const [channels = 1, height = 1, width = 1] = shape
    if (Math.min(height, width) < 2) return this.head(shape)
    const out = [height, width].map((size) => window(size, 2, 3, 2))
    return { text: this.random.pick(['blur_pool', `blur_pool(${this.int(2)})`]), shape: [channels, ...out] }
  }

  private readonly upsample = (shape: Shape): Step => {
    const [channels = 1, height = 1, width = 1] = shape
    const factors = [this.random.int(1, 3), this.random.int(1, 2)] as const
    if (height * factors[0] > MOST_SIDE || width * factors[1] > MOST_SIDE) return this.conv(shape)
    const mode = this.random.pick(['', ', "nearest"', ', mode: "bilinear"'])
    return {
      text: `upsample([${this.int(factors[0])}, ${this.int(factors[1])}]${mode})`,
      shape: [channels, height * factors[0], width * factors[1]],
    }
  }

  private readonly pad = (shape: Shape): Step => {
    const [channels = 1, height = 1, width = 1] = shape
    const reflect = this.random.chance(0.4)
    const side = (size: number): number => this.random.int(0, reflect ? Math.min(2, size - 1) : 2)
    const [top, right, bottom, left] = [side(height), side(width), side(height), side(width)]
    return {
      text: `pad([${top}, ${right}, ${bottom}, ${left}]${reflect ? ', "reflect"' : ''})`,
      shape: [channels, height + top + bottom, width + left + right],
    }
  }

  /** Operators that only move what is there. */
  private readonly move = (shape: Shape): Step => {
    const [channels = 1, height = 1, width = 1] = shape
    if (height % 2 === 0 && width % 2 === 0 && channels * 4 <= MOST_CHANNELS && this.random.chance(0.5))
      return { text: `space_to_depth(${this.int(2)})`, shape: [channels * 4, height / 2, width / 2] }
    if (channels % 4 === 0 && 2 * Math.max(height, width) <= MOST_SIDE)
      return { text: `depth_to_space(${this.int(2)})`, shape: [channels / 4, height * 2, width * 2] }
    const all = channels * height * width
    if (all > 4096) return { text: this.keep(shape), shape }
    if (this.random.chance(0.5)) return { text: 'flatten', shape: [all] }
    const first = this.random.pick(divisors(all))
    return {
      text: `reshape([${this.int(first)}, 1, ${this.int(all / first)}])`,
      shape: [first, 1, all / first],
    }
  }

  /** Some of the channels. */
  private readonly cut = (shape: Shape): Step => {
    const [channels = 1, ...rest] = shape
    const start = this.random.int(0, channels - 1)
    const end = this.random.int(start + 1, channels)
    if (this.random.chance(0.3))
      return { text: `slice(${this.int(start)})`, shape: [channels - start, ...rest] }
    return { text: `slice(${this.int(start)}, end: ${this.int(end)})`, shape: [end - start, ...rest] }
  }

  private readonly linear = (): Step => {
    const features = this.random.int(1, 40)
    const bias = this.random.chance(0.3) ? `, bias: ${this.bool(this.random.chance(0.5))}` : ''
    return { text: `linear(${this.int(features)}${bias})`, shape: [features] }
  }

  /** What ends a network. */
  readonly head = (shape: Shape): Step => {
    const { text, shape: made } = this.linear()
    if (shape.length === 3) return { text: `global_avg_pool -> ${text}`, shape: made }
    return { text, shape: made }
  }
}
