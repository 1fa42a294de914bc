import { entry } from '../entry.ts'
import { sizeHelp, type SizeAdvice } from './sizes.ts'

/** What a number, word or list given to an operator must be. */
export type ValueRule = keyof typeof rules

const rules = {
  count: 'a positive integer up to 2147483647',
  index: 'a non-negative integer up to 2147483647',
  small: 'a positive integer up to 65535',
  parts: 'a positive integer up to 4096',
  size: 'a positive integer or [height, width], each up to 65535',
  padding:
    '"same", "same_tf", "valid", a non-negative integer, [height, width] or [top, right, bottom, left]',
  padding_sides: 'a non-negative integer, [height, width] or [top, right, bottom, left]',
  sides: 'four non-negative integers [top, right, bottom, left]',
  sizes: 'a list of 1 to 4096 positive integers',
  shape: 'a list of one or three positive integers: [features] or [channels, height, width]',
  epsilon: 'a positive, finite number',
  finite: 'a finite number',
  fraction: 'a number from 0 to 1',
  rate: 'a number from 0 up to, but not including, 1',
  flag: 'true or false',
  activation: 'an activation or `none`',
  mode: 'one of the modes that the operator knows',
} as const

type Shape = readonly number[]
type Axis = 'channels' | 'height' | 'width'
/** Which tensors an operator takes: a map, a vector or map, or a vector or a map of 1 x 1. */
export type Takes = 'map' | 'any' | 'features'

const shapeText = (shape: Shape): string => shape.join(' x ')
const kindOf = (shape: Shape): string => (shape.length === 1 ? 'vector' : 'map')
const either = (numbers: readonly number[]): string => numbers.join(' or ')

const takes: Record<Takes, string> = {
  map: 'a map (channels x height x width)',
  any: 'a vector or a map (channels x height x width)',
  features: 'a vector',
}

const multiplesAround = (value: number, factor: number): readonly number[] => {
  const below = Math.floor(value / factor) * factor
  return below > 0 ? [below, below + factor] : [factor]
}

const plural = { channels: 'channels', height: 'heights', width: 'widths' } as const

function sumHelp(axis: Axis | 'rank', a: Shape, b: Shape, sizes: SizeAdvice | undefined): string {
  if (axis === 'rank')
    return `one is a ${kindOf(a)} of ${shapeText(a)}, the other a ${kindOf(b)} of ${shapeText(b)}: \`flatten\` or \`reshape\` one of them`
  if (axis === 'channels' && a.slice(1).some((size, side) => size !== b[side + 1]))
    return `their sizes differ too; ${sizeHelp(sizes, a, b) ?? 'give both branches the same channels, strides and paddings'}`
  if (axis === 'channels')
    return `give both the same channels: \`conv(${b[0]}, 1)\` on the branch of ${shapeText(a)}, or \`conv(${a[0]}, 1)\` on that of ${shapeText(b)}`
  return sizeHelp(sizes, a, b) ?? sameSizes(axis, a, b)
}

function sameSizes(axis: 'height' | 'width', a: Shape, b: Shape): string {
  const at = axis === 'height' ? 1 : 2
  return `one branch has a ${axis} of ${a[at]}, the other of ${b[at]}: give both branches the same strides and paddings`
}

/** E03xx: tensors, shapes and the rules of operators. */
export const shapes = {
  E0301: entry<{ name: string; value: string; rule: ValueRule; allowed?: readonly string[] }>({
    title: 'a value that the operator cannot take',
    message: ({ name, value, rule, allowed }) =>
      `\`${name}\` must be ${allowed === undefined ? rules[rule] : allowed.join(' or ')}, not ${value}`,
  }),
  E0302: entry<{ op: string; shape: Shape; takes: Takes }>({
    title: 'a tensor of the wrong rank',
    message: (facts) =>
      `\`${facts.op}\` takes ${takes[facts.takes]}, this is a ${kindOf(facts.shape)} of ${shapeText(facts.shape)}`,
    help: ({ op, shape, takes: wanted }) => {
      if (wanted === 'features' && shape.length === 3)
        return `\`global_avg_pool -> ${op}(...)\` takes the mean of each channel, \`flatten -> ${op}(...)\` every pixel`
      if (wanted === 'map' && shape.length === 1)
        return `use it before the map is flattened, or \`reshape([${shape[0]}, 1, 1])\` first`
      return undefined
    },
  }),
  E0303: entry<{ op: string; axis: 'height' | 'width'; size: number; kernel: number; padding: number }>({
    title: 'the input is smaller than the window',
    message: ({ op, axis, size, kernel, padding }) =>
      `the window of \`${op}\` does not fit: it spans ${kernel}, the input's ${axis} is ${size}` +
      (padding > 0 ? ` and ${padding} of padding` : ' without padding'),
    help: ({ axis, kernel, padding }) =>
      `the ${axis} must be at least ${kernel - padding} here: use a larger input, fewer strides before, a smaller kernel or more padding`,
  }),
  E0304: entry<{
    op: string
    groups: number
    channels: number
    side: 'input' | 'output'
    nearest: readonly number[]
  }>({
    title: 'groups do not divide the channels',
    message: ({ op, groups, channels, side }) =>
      `${groups} groups do not divide the ${channels} ${side} channels of \`${op}\``,
    help: ({ nearest }) => `${either(nearest)} would`,
  }),
  E0305: entry<{ kernel: readonly number[] }>({
    title: 'an even kernel cannot be padded "same"',
    message: ({ kernel }) => `padding "same" needs an odd kernel, this one is ${shapeText(kernel)}`,
    help: () =>
      'say how to pad: `padding: "valid"` for none, `"same_tf"` for TensorFlow\'s asymmetric rule, or [top, right, bottom, left]',
  }),
  E0306: entry<{ op: string; given: number; min: number; max: number }>({
    title: 'the wrong number of tensors',
    message: ({ op, given, min, max }) =>
      `\`${op}\` takes ${min === max ? min : given < min ? `at least ${min}` : `at most ${max}`} tensor${min === max && min === 1 ? '' : 's'}, not ${given}`,
  }),
  E0307: entry<{ op: string; block: number; axis: 'height' | 'width'; size: number }>({
    title: 'the size is not a multiple of the block',
    message: ({ op, block, axis, size }) =>
      `\`${op}\` cannot cut a ${axis} of ${size} into blocks of ${block}: ${size} is not a multiple of ${block}`,
    help: ({ block, axis, size }) => `a ${axis} of ${either(multiplesAround(size, block))} would be`,
  }),
  E0308: entry<{ op: string; block: number; channels: number }>({
    title: 'the channels do not fill the blocks',
    message: ({ op, block, channels }) =>
      `\`${op}\` makes blocks of ${block} x ${block} from ${block * block} channels each, which do not divide ${channels}`,
    help: ({ block, channels }) => `${either(multiplesAround(channels, block * block))} channels would do`,
  }),
  E0309: entry<{ op: string; axis: 'height' | 'width'; padding: number; size: number }>({
    title: 'reflect padding larger than the map',
    message: ({ op, axis, padding, size }) =>
      `\`${op}\` reflects ${padding} at the edge, but the map's ${axis} is only ${size}`,
    help: ({ padding, axis }) =>
      `reflection leaves out the edge itself, so the ${axis} must be at least ${padding + 1}`,
  }),
  E0310: entry<{ op: string; axis: 'height' | 'width'; padding: number; kernel: number }>({
    title: 'padding as large as the pooling window',
    message: ({ op, axis, padding, kernel }) =>
      `\`${op}\` pads its ${axis} by ${padding}, so that a window of ${kernel} can lie in padding alone`,
    help: ({ kernel }) => `pad by less than ${kernel}`,
  }),
  E0311: entry<{ padding: readonly number[] }>({
    title: 'an average that counts padding and rounds up',
    message: () => '`avg_pool` cannot round its size up and count its padding: what `ceil` adds never counts',
    help: () => 'give `count_padding: false`, or no `padding`, or no `ceil`',
  }),
  E0312: entry<{ op: 'add' | 'mul'; axis: Axis | 'rank'; a: Shape; b: Shape; sizes?: SizeAdvice }>({
    title: 'tensors of different shapes',
    message: ({ op, axis }) =>
      `these tensors cannot be ${op === 'add' ? 'added' : 'multiplied'}: their ${axis === 'rank' ? 'ranks' : plural[axis]} differ`,
    help: ({ axis, a, b, sizes }) => sumHelp(axis, a, b, sizes),
  }),
  E0313: entry<{ axis: 'height' | 'width' | 'rank'; a: Shape; b: Shape; sizes?: SizeAdvice }>({
    title: 'tensors that cannot be concatenated',
    message: ({ axis, a, b }) =>
      `these tensors cannot be concatenated: their ${axis === 'rank' ? 'ranks' : plural[axis]} differ (${shapeText(a)} and ${shapeText(b)})`,
    help: ({ axis, a, b, sizes }) =>
      axis === 'rank'
        ? `one is a ${kindOf(a)}, the other a ${kindOf(b)}: \`flatten\` or \`reshape\` one of them`
        : (sizeHelp(sizes, a, b) ??
          `${sameSizes(axis, a, b)}; \`concat\` joins channels, and all else must be equal`),
  }),
  E0314: entry<{ sizes: readonly number[]; channels: number }>({
    title: 'sizes of a split that do not sum to the channels',
    message: ({ sizes, channels }) =>
      `the sizes of \`split\` sum to ${sizes.reduce((sum, size) => sum + size, 0)}, the input has ${channels} channels`,
    help: ({ sizes, channels }) => {
      const last = channels - sizes.slice(0, -1).reduce((sum, size) => sum + size, 0)
      return last > 0 ? `the last size would have to be ${last}` : undefined
    },
  }),
  E0315: entry<{ parts: number; channels: number; nearest: readonly number[] }>({
    title: 'channels that do not split evenly',
    message: ({ parts, channels }) => `${channels} channels do not split into ${parts} equal parts`,
    help: ({ nearest }) => `${either(nearest)} parts would do; \`split(sizes: [...])\` makes unequal ones`,
  }),
  E0316: entry<{ given: 'both' | 'neither' }>({
    title: 'a split without its sizes, or with both',
    message: ({ given }) =>
      given === 'both' ? '`split` takes `parts` or `sizes`, not both' : '`split` needs `parts` or `sizes`',
    help: () => '`split(2)` makes halves, `split(sizes: [32, 96])` unequal parts',
  }),
  E0317: entry<{ start: number; end: number; channels: number }>({
    title: 'a slice outside the channels',
    message: ({ start, end, channels }) =>
      start >= end
        ? `the slice ${start}..${end} is empty`
        : `the slice ${start}..${end} reaches past the ${channels} channels of its input`,
    help: ({ channels }) => `\`start\` counts from 0, \`end\` is left out and at most ${channels}`,
  }),
  E0318: entry<{ convolved: number; channels: number; ratio?: number }>({
    title: 'a partial convolution of no channels, or too many',
    message: ({ convolved, channels, ratio }) =>
      `\`partial_conv\` cannot convolve ${convolved} of ${channels} channels` +
      (ratio === undefined ? '' : ` (${channels} // ${ratio})`),
    help: ({ channels }) => `\`ratio\` is at most the channels, ${channels}`,
  }),
  E0319: entry<{ from: Shape; to: Shape }>({
    title: 'a reshape that changes the number of elements',
    message: ({ from, to }) =>
      `${shapeText(from)} cannot become ${shapeText(to)}: that is ${elementsOf(from)} elements against ${elementsOf(to)}`,
  }),
  E0320: entry<{
    op: string
    what: 'result' | 'parameter' | 'work'
    amount: number
    limit: number
    shape?: Shape
  }>({
    title: 'a tensor beyond all bounds',
    message: ({ op, what, amount, limit, shape }) =>
      what === 'work'
        ? `\`${op}\` needs ${amount} multiply-accumulates, the limit is ${limit}`
        : `the ${what} of \`${op}\` is ${shape === undefined ? '' : `${shapeText(shape)}: `}${amount} elements, the limit is ${limit}`,
    help: () => 'check the channels and the sizes that lead here',
  }),
  E0321: entry<{ input: Shape; output: Shape }>({
    title: 'a partial convolution that changes the size',
    message: ({ input, output }) =>
      `\`partial_conv\` must keep the size of its map: ${shapeText(input)} would become ${shapeText(output)}`,
    help: () =>
      'use an odd kernel and padding that keeps the size: the channels it leaves alone cannot shrink',
  }),
  E0322: entry<{ op: string; first: string; other: string }>({
    title: 'the tensors differ in dtype',
    message: ({ op, first, other }) =>
      `\`${op}\` reads tensors of one dtype, and these are ${first} and ${other}`,
  }),
} as const

function elementsOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1)
}
