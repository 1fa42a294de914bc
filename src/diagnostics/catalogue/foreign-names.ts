/** What frameworks and papers call what the language has under another name. Looked up as `plain` writes them. */
const namesElsewhere: Readonly<Record<string, readonly string[]>> = {
  abn: ['inplaceabn', 'iabn'],
  avg_pool: ['avgpool', 'averagepool', 'averagepooling', 'meanpool'],
  batch_norm: ['bn', 'batchnorm', 'batchnormalization', 'syncbn', 'syncbatchnorm'],
  blur_pool: ['blurpool', 'blur', 'antialias'],
  channel_shuffle: ['channelshuffle', 'shufflechannels'],
  concat: ['cat', 'concatenate', 'concatenation'],
  conv: ['conv', 'convolution', 'convolve'],
  depthwise_conv: ['depthwiseconv', 'dwconv', 'depthwise', 'convdw'],
  drop_path: ['droppath', 'stochasticdepth', 'dropconnect'],
  dropout: ['dropout', 'spatialdropout'],
  flatten: ['flatten'],
  gelu: ['gelu'],
  global_avg_pool: [
    ...['gap', 'globalavgpool', 'globalaveragepool', 'globalaveragepooling', 'globalpool'],
    ...['adaptiveavgpool', 'adaptiveaveragepool', 'adaptivepool'],
  ],
  hard_sigmoid: ['hardsigmoid', 'hsigmoid'],
  hard_swish: ['hardswish', 'hswish'],
  layer_norm: ['layernorm', 'layernormalization', 'ln'],
  leaky_relu: ['leakyrelu', 'lrelu'],
  linear: ['linear', 'fc', 'dense', 'fullyconnected', 'innerproduct', 'lazylinear'],
  max: ['maximum'],
  max_pool: ['maxpool', 'maxpooling'],
  min: ['minimum'],
  mul: ['multiply', 'times'],
  none: ['none', 'null', 'nil', 'identity', 'passthrough'],
  pad: ['padding', 'zeropad', 'zeropadding', 'reflectionpad'],
  partial_conv: ['partialconv', 'pconv'],
  pow: ['power'],
  relu: ['relu'],
  relu6: ['relu6'],
  reshape: ['reshape', 'view'],
  round_to: ['makedivisible', 'makedivisable', 'rounddivisible'],
  scale: ['layerscale'],
  sigmoid: ['sigmoid', 'logistic'],
  silu: ['silu', 'swish'],
  softmax: ['softmax'],
  split: ['chunk', 'unbind'],
  sqrt: ['squareroot'],
  tanh: ['tanh'],
  upsample: ['upsample', 'upsampling', 'interpolate', 'resize', 'upscale'],
}

const noSuchActivation = 'take one of `relu`, `leaky_relu`, `silu`, `gelu` and `hard_swish`'
const noSuchNorm = 'the norms are `batch_norm`, `layer_norm` and `abn`'
const numbersOfLoop = 'loop over the indices: `for k in 0..len(list)`'
const noTransposed = 'there is no transposed convolution: write `upsample(2) -> conv(channels, 3)`'
const noMatrices = 'there are no products of matrices: `archc` describes convolutional networks'

/** What takes more than another name. */
const advice: Readonly<Record<string, string>> = {
  true: 'write `true`',
  false: 'write `false`',
  range: 'a range is written `0..n`, the end left out',
  arange: 'a range is written `0..n`, the end left out',
  enumerate: numbersOfLoop,
  zip: numbersOfLoop,
  self: 'what flows in is called `x`',
  sequential: 'what follows each other is written `a -> b -> c`',
  clamp: 'write `min(max(v, low), high)`',
  clip: 'write `min(max(v, low), high)`',
  mean: '`global_avg_pool` is the mean of each channel; that of a list is `sum(list) / len(list)`',
  globalmaxpool: 'write `max_pool([x.height, x.width])`',
  adaptivemaxpool: 'write `max_pool([x.height, x.width])`',
  pixelshuffle:
    '`depth_to_space` has another order of channels: it reads channel (dy * block + dx) * C + c, a pixel shuffle c * block^2 + dy * block + dx',
  pixelunshuffle:
    '`space_to_depth` has another order of channels: it writes channel (dy * block + dx) * C + c, a pixel unshuffle c * block^2 + dy * block + dx',
  separableconv: 'write `depthwise_conv(3) -> conv(channels, 1)`',
  sepconv: 'write `depthwise_conv(3) -> conv(channels, 1)`',
  convtranspose: noTransposed,
  transposedconv: noTransposed,
  deconv: noTransposed,
  matmul: noMatrices,
  einsum: noMatrices,
  bmm: noMatrices,
  groupnorm: noSuchNorm,
  instancenorm: noSuchNorm,
  rmsnorm: noSuchNorm,
  prelu: noSuchActivation,
  elu: noSuchActivation,
  selu: noSuchActivation,
  mish: noSuchActivation,
  squeezeexcite: 'the library has it: `import { se } from "std/attention"`',
  squeezeexcitation: 'the library has it: `import { se } from "std/attention"`',
  seblock: 'the library has it: `import { se } from "std/attention"`',
  basicblock: 'the library has it: `import { basic } from "std/resnet"`',
  invertedresidual: 'the library has it: `import { mbconv } from "std/mbconv"`',
}

const here = new Map([
  ...Object.entries(advice),
  ...Object.entries(namesElsewhere).flatMap(([name, others]) =>
    others.map((other) => [other, `it is called \`${name}\` here`] as const),
  ),
])

/** `BatchNorm2d` and `batch_norm_2d` as `batchnorm`. */
const plain = (name: string): string =>
  name
    .replaceAll('_', '')
    .toLowerCase()
    .replace(/[123]d$/, '')

/** What to write for a name that the language does not know and its authors' other tools do. */
export const forForeignName = (name: string): string | undefined => here.get(plain(name))
