import type { OpName } from '../src/ir/ops/index.ts'

/** What the reference says of an operator beyond its record. */
export interface Sample {
  readonly chapter: Chapter
  /** The shape rule, in words. */
  readonly result: string
  /** An input and a statement over `x`, for each spelling. */
  readonly examples: Readonly<Record<string, readonly [input: string, call: string]>>
}

export type Chapter = (typeof chapters)[number]

/** In the order of the page. */
export const chapters = [
  'Learned layers',
  'Normalisation',
  'Activations',
  'Pooling and resampling',
  'Moving pixels and channels',
  'Combining tensors',
  'Training only',
] as const

const map = '64 x 56 x 56'

const activation = (name: string, call = name): Sample => ({
  chapter: 'Activations',
  result: 'the shape of its input',
  examples: { [name]: [map, `x -> ${call}`] },
})

/** Every operator; the type checker names one that is missing. */
export const samples: Readonly<Record<OpName, Sample>> = {
  conv: {
    chapter: 'Learned layers',
    result: '`channels x window(H) x window(W)`; `groups` must divide the input channels and `channels`',
    examples: {
      conv: [map, 'x -> conv(128, 3, stride: 2)'],
      depthwise_conv: [map, 'x -> depthwise_conv(5, stride: 2)'],
    },
  },
  partial_conv: {
    chapter: 'Learned layers',
    result: 'the shape of its input',
    examples: { partial_conv: [map, 'x -> partial_conv(4)'] },
  },
  linear: {
    chapter: 'Learned layers',
    result: '`features`',
    examples: { linear: ['512 x 1 x 1', 'x -> linear(1000)'] },
  },
  scale: {
    chapter: 'Learned layers',
    result: 'the shape of its input',
    examples: { scale: [map, 'x -> scale(1e-6)'] },
  },
  batch_norm: {
    chapter: 'Normalisation',
    result: 'the shape of its input',
    examples: { batch_norm: [map, 'x -> batch_norm'] },
  },
  abn: {
    chapter: 'Normalisation',
    result: 'the shape of its input',
    examples: { abn: [map, 'x -> abn(leaky_relu(1e-3))'] },
  },
  layer_norm: {
    chapter: 'Normalisation',
    result: 'the shape of its input',
    examples: { layer_norm: [map, 'x -> layer_norm'] },
  },
  relu: activation('relu'),
  relu6: activation('relu6'),
  leaky_relu: activation('leaky_relu', 'leaky_relu(0.1)'),
  silu: activation('silu'),
  gelu: activation('gelu'),
  hard_swish: activation('hard_swish'),
  hard_sigmoid: activation('hard_sigmoid'),
  sigmoid: activation('sigmoid'),
  tanh: activation('tanh'),
  softmax: {
    chapter: 'Activations',
    result: 'the shape of its input; not a value of type `activation`',
    examples: { softmax: ['1000 x 1 x 1', 'x -> flatten -> softmax'] },
  },
  max_pool: {
    chapter: 'Pooling and resampling',
    result: '`C x window(H) x window(W)`, rounded up with `ceil`; padding must be less than the kernel',
    examples: { max_pool: [map, 'x -> max_pool(3, stride: 2, padding: 1)'] },
  },
  avg_pool: {
    chapter: 'Pooling and resampling',
    result: '`C x window(H) x window(W)`, rounded up with `ceil`; padding must be less than the kernel',
    examples: { avg_pool: [map, 'x -> avg_pool(2)'] },
  },
  global_avg_pool: {
    chapter: 'Pooling and resampling',
    result: '`C x 1 x 1`',
    examples: { global_avg_pool: [map, 'x -> global_avg_pool'] },
  },
  blur_pool: {
    chapter: 'Pooling and resampling',
    result: '`C x window(H) x window(W)` of a 3 x 3 kernel with padding 1',
    examples: { blur_pool: [map, 'x -> blur_pool(2)'] },
  },
  upsample: {
    chapter: 'Pooling and resampling',
    result: '`C x factor * H x factor * W`',
    examples: { upsample: [map, 'x -> upsample(2, "bilinear")'] },
  },
  pad: {
    chapter: 'Moving pixels and channels',
    result: '`C x (top + H + bottom) x (left + W + right)`; a reflected side must be smaller than the map',
    examples: { pad: [map, 'x -> pad([0, 1, 1, 0])'] },
  },
  space_to_depth: {
    chapter: 'Moving pixels and channels',
    result: '`block * block * C x H / block x W / block`; `block` must divide H and W',
    examples: { space_to_depth: [map, 'x -> space_to_depth(4)'] },
  },
  depth_to_space: {
    chapter: 'Moving pixels and channels',
    result: '`C / (block * block) x block * H x block * W`; `block * block` must divide C',
    examples: { depth_to_space: [map, 'x -> depth_to_space(2)'] },
  },
  channel_shuffle: {
    chapter: 'Moving pixels and channels',
    result: 'the shape of its input; `groups` must divide C',
    examples: { channel_shuffle: [map, 'x -> channel_shuffle(4)'] },
  },
  split: {
    chapter: 'Moving pixels and channels',
    result:
      'one tensor for each part, of its channels and the input’s H x W; the parts must make up C exactly',
    examples: { split: [map, 'a, b = x -> split(sizes: [16, 48])'] },
  },
  slice: {
    chapter: 'Moving pixels and channels',
    result: '`(end - start) x H x W`',
    examples: { slice: [map, 'x -> slice(16, 48)'] },
  },
  reshape: {
    chapter: 'Moving pixels and channels',
    result: '`shape`, which must have as many elements as the input',
    examples: { reshape: [map, 'x -> reshape([16, 112, 112])'] },
  },
  flatten: {
    chapter: 'Moving pixels and channels',
    result: '`C * H * W`',
    examples: { flatten: [map, 'x -> flatten'] },
  },
  add: {
    chapter: 'Combining tensors',
    result: 'the common shape; along each axis sizes must be equal, or 1',
    examples: { add: [map, 'add(x, x)'] },
  },
  mul: {
    chapter: 'Combining tensors',
    result: 'the common shape; along each axis sizes must be equal, or 1',
    examples: { mul: [map, 'mul(x, x -> global_avg_pool)'] },
  },
  concat: {
    chapter: 'Combining tensors',
    result: 'the sum of all channels `x H x W`; H and W must be equal',
    examples: { concat: [map, 'concat(x, x, x)'] },
  },
  dropout: {
    chapter: 'Training only',
    result: 'the shape of its input',
    examples: { dropout: [map, 'x -> dropout(0.2)'] },
  },
  drop_path: {
    chapter: 'Training only',
    result: 'the shape of its input',
    examples: { drop_path: [map, 'x -> drop_path(0.1)'] },
  },
}
