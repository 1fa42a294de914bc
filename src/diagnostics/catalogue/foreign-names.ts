/** A name of ours, what others call it, and what is not the same there: arguments, their order, what holds by default. */
interface Known {
  readonly others: readonly string[]
  readonly but?: string
}

const padsItself =
  'input channels are not given, and padding is "same" where none is given, not 0 as in PyTorch (`padding: "valid"`)'
const onlyNumbers = 'of numbers; there is no such operator on tensors'

/** What frameworks and papers call what the language has under another name. Looked up as `plain` writes them. */
const namesElsewhere: Readonly<Record<string, Known>> = {
  abn: {
    others: ['inplaceabn', 'iabn'],
    but: 'without a number of channels, and with `leaky_relu(0.01)` unless given, such as `abn(relu)`',
  },
  avg_pool: {
    others: ['avgpool', 'averagepool', 'averagepooling', 'meanpool'],
    but: 'padding counts as zeros, as in PyTorch; where it does not (Keras), `count_padding: false`',
  },
  batch_norm: {
    others: ['bn', 'batchnorm', 'batchnormalization', 'syncbn', 'syncbatchnorm'],
    but: "without a number of channels; `eps` (1e-5) and `momentum` (0.1) are PyTorch's, and a momentum of 0.99 in Keras is 0.01 here",
  },
  blur_pool: {
    others: ['blurpool', 'blur', 'antialias'],
    but: 'without a number of channels; its filter is 3 x 3 and its stride 2 unless given',
  },
  channel_shuffle: { others: ['channelshuffle', 'shufflechannels'] },
  concat: { others: ['cat', 'concatenate', 'concatenation'], but: 'it joins channels: `concat(a, b)`' },
  conv: {
    others: ['conv', 'convolution', 'convolve'],
    but: `\`conv(channels, kernel, stride)\`; ${padsItself}`,
  },
  depthwise_conv: {
    others: ['depthwiseconv', 'dwconv', 'depthwise', 'convdw'],
    but: '`depthwise_conv(kernel, stride)`, without channels and norm; padding is "same" where none is given',
  },
  drop_path: {
    others: ['droppath', 'stochasticdepth', 'dropconnect'],
    but: '`drop_path(rate)` drops a branch for whole images, and not single weights',
  },
  dropout: {
    others: ['dropout', 'spatialdropout'],
    but: '`dropout(rate)` drops single elements, not whole channels; 0.5 in PyTorch, the rate must be given here',
  },
  flatten: { others: ['flatten'] },
  gelu: {
    others: ['gelu'],
    but: "the exact one, by erf: PyTorch's `approximate='tanh'` is another function",
  },
  global_avg_pool: {
    others: ['gap', 'globalavgpool', 'globalaveragepool', 'globalaveragepooling'],
    but: 'its result is channels x 1 x 1, which `linear` takes as it is',
  },
  hard_sigmoid: {
    others: ['hardsigmoid', 'hsigmoid'],
    but: 'it is relu6(x + 3) / 6; old Keras has another slope',
  },
  hard_swish: { others: ['hardswish', 'hswish'] },
  layer_norm: {
    others: ['layernorm', 'layernormalization', 'ln'],
    but: "it normalises the channels of each position, without a shape; `eps` is 1e-6, PyTorch's is 1e-5 (`layer_norm(1e-5)`)",
  },
  leaky_relu: {
    others: ['leakyrelu', 'lrelu'],
    but: "its slope is 0.01 as in PyTorch; Darknet's is `leaky_relu(0.1)`, Keras's `leaky_relu(0.3)`",
  },
  linear: {
    others: ['linear', 'fc', 'dense', 'fullyconnected', 'innerproduct', 'lazylinear'],
    but: '`linear(features)`, without the size of its input; an activation is a step of its own',
  },
  max: { others: ['maximum'], but: onlyNumbers },
  max_pool: {
    others: ['maxpool', 'maxpooling'],
    but: 'stride is the kernel and padding 0 where none is given; `ceil_mode` is `ceil`',
  },
  min: { others: ['minimum'], but: onlyNumbers },
  mul: { others: ['multiply', 'times'] },
  none: { others: ['none', 'null', 'nil', 'identity', 'passthrough'] },
  pad: {
    others: ['padding', 'zeropad', 'zeropadding'],
    but: '`pad([top, right, bottom, left])`, where PyTorch has left, right, top, bottom',
  },
  partial_conv: {
    others: ['partialconv', 'pconv'],
    but: "FasterNet's, `partial_conv(4)` for one channel in four; that of inpainting is not there",
  },
  pow: { others: ['power'], but: onlyNumbers },
  relu: { others: ['relu'], but: 'without arguments: nothing is said of `inplace`' },
  relu6: { others: ['relu6'], but: 'without arguments' },
  reshape: {
    others: ['reshape', 'view'],
    but: '`reshape([features])` or `reshape([channels, height, width])`, without the batch and without -1',
  },
  round_to: { others: ['makedivisible', 'makedivisable', 'rounddivisible'], but: '`round_to(value, 8)`' },
  scale: {
    others: ['layerscale'],
    but: '`scale(1e-6)`, without a number of channels; it begins with 1 unless given',
  },
  sigmoid: { others: ['sigmoid', 'logistic'] },
  silu: { others: ['silu', 'swish'] },
  softmax: { others: ['softmax'], but: 'over the channels of each position, without arguments' },
  split: { others: ['chunk'], but: '`split(n)` makes n equal parts of the channels' },
  sqrt: { others: ['squareroot'], but: onlyNumbers },
  tanh: { others: ['tanh'] },
  upsample: {
    others: ['upsample', 'upsampling', 'interpolate', 'resize', 'upscale'],
    but: '`upsample(2)` for nearest, `upsample(2, "bilinear")` for align_corners=False; by whole factors, none resizes to a given size',
  },
}

const noSuchActivation =
  'there is no such activation; `relu`, `leaky_relu`, `silu`, `gelu` and `hard_swish` are others, and weights trained with it fit none of them'
const noSuchNorm =
  'there is no such norm; `batch_norm`, `layer_norm` (channels of each position) and `abn` are others, and weights trained with it fit none of them'
const numbersOfLoop = 'loop over the indices: `for k in 0..len(list)`'
const noTransposed =
  'there is no transposed convolution; `upsample(2) -> conv(channels, 3)` makes the same size, and is another layer with other weights'
const noMatrices = 'there are no products of matrices: `archc` describes convolutional networks'
const noPermutation =
  'axes keep their places, [channels, height, width]; `reshape` changes only how they are cut'
const planar = 'maps have a height and a width: there are no layers of one or three dimensions'
const ofGlobalMax =
  'name the map and pool all of it: `y = ...`, then `y -> max_pool([y.height, y.width])`; that is for an output of 1'
const squeeze =
  'the library has it: `import { se } from "std/attention"`; `se(reduction: 16)` squeezes to a sixteenth of its channels'
const separable =
  'write `depthwise_conv(3, bias: false) -> conv(channels, 1)`; norms and activations between are steps of their own'

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
  clamp: 'of numbers, write `min(max(v, low), high)`; of tensors there is only `relu6`, from 0 to 6',
  clip: 'of numbers, write `min(max(v, low), high)`; of tensors there is only `relu6`, from 0 to 6',
  mean: '`global_avg_pool` is the mean of each channel; that of a list is `sum(list) / len(list)`',
  adaptiveavgpool: adaptiveMean(),
  adaptiveaveragepool: adaptiveMean(),
  adaptivepool: adaptiveMean(),
  globalpool: '`global_avg_pool` is the mean of each channel; for its maximum, ' + ofGlobalMax,
  globalmaxpool: ofGlobalMax,
  globalmaxpooling: ofGlobalMax,
  adaptivemaxpool: ofGlobalMax,
  reflectionpad:
    'write `pad([top, right, bottom, left], "reflect")`, where PyTorch has left, right, top, bottom',
  replicationpad: '`pad` adds zeros, or reflects with `pad(1, "reflect")`; it does not repeat the edge',
  permute: noPermutation,
  transpose: noPermutation,
  squeeze: '`flatten` makes a vector of a map',
  unsqueeze: '`reshape([channels, 1, 1])` makes a map of a vector',
  crop: 'there is no crop of pixels; `slice` takes channels, and `pad` enlarges the smaller of two maps',
  centercrop:
    'there is no crop of pixels; `slice` takes channels, and `pad` enlarges the smaller of two maps',
  unbind: '`split(x.channels)` makes a map of each channel',
  stack: '`concat(a, b)` joins channels; there is no further axis',
  multiheadattention: noMatrices,
  pixelshuffle:
    '`depth_to_space` has another order of channels: it reads channel (dy * block + dx) * C + c, a pixel shuffle c * block^2 + dy * block + dx',
  pixelunshuffle:
    '`space_to_depth` has another order of channels: it writes channel (dy * block + dx) * C + c, a pixel unshuffle c * block^2 + dy * block + dx',
  separableconv: separable,
  sepconv: separable,
  convtranspose: noTransposed,
  transposedconv: noTransposed,
  transposeconv: noTransposed,
  deconv: noTransposed,
  deconvolution: noTransposed,
  matmul: noMatrices,
  einsum: noMatrices,
  bmm: noMatrices,
  groupnorm: noSuchNorm,
  instancenorm: noSuchNorm,
  rmsnorm: noSuchNorm,
  localresponsenorm: noSuchNorm,
  lrn: noSuchNorm,
  prelu: noSuchActivation,
  elu: noSuchActivation,
  selu: noSuchActivation,
  celu: noSuchActivation,
  mish: noSuchActivation,
  softplus: noSuchActivation,
  hardtanh: noSuchActivation,
  squeezeexcite: squeeze,
  squeezeexcitation: squeeze,
  seblock: squeeze,
  selayer: squeeze,
  semodule: squeeze,
  basicblock: 'the library has it: `import { basic } from "std/resnet"`, called `basic(width, stride)`',
  invertedresidual:
    'the library has it: `import { mbconv } from "std/mbconv"`, called `mbconv(channels, expansion, kernel, stride)`',
}

function adaptiveMean(): string {
  return (
    'for an output of 1 it is called `global_avg_pool` here; nothing pools to another size: `avg_pool(k)` makes 1 / k of a map, ' +
    'and the layer behind expects that size'
  )
}

const here = new Map([
  ...Object.entries(advice),
  ...Object.entries(namesElsewhere).flatMap(([name, { others, but }]) =>
    others.map((other) => [other, called(name, but)] as const),
  ),
])

function called(name: string, but: string | undefined): string {
  return `it is called \`${name}\` here${but === undefined ? '' : `: ${but}`}`
}

/** `BatchNorm2d` and `batch_norm_2d` as `batchnorm`. */
const plain = (name: string): string =>
  name
    .replaceAll('_', '')
    .toLowerCase()
    .replace(/[123]d$/, '')

/** Layers that are there for maps of one or three dimensions elsewhere; norms and dropouts do not mind. */
const ofOtherRank = /^(?!batch|layer|dropout|sync).*(?:1d|3d)$/i

/**
 * What to write for a name that the language does not know and its authors' other tools do.
 * @param nearest the name of ours that is spelled most like it
 */
export function forForeignName(name: string, nearest?: string): string | undefined {
  const written = plain(name)
  const known = here.get(written)
  if (known !== undefined && ofOtherRank.test(name)) return planar
  // Advice to do without something is out of date once the language has it under the same name.
  const isOurs = nearest !== undefined && plain(nearest) === written
  return isOurs && Object.hasOwn(advice, written) ? called(nearest, undefined) : known
}
