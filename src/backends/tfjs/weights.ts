import type { Pair, Window } from '../../ir/ops/geometry.ts'

/** Sizes of a convolution's filter: [O, I, kh, kw] in logical layout, I being the inputs of one group. */
export type FilterShape = readonly [outputs: number, inputs: number, height: number, width: number]

/** Shape of a filter on the device, and what makes its values of those in logical layout. */
export interface Laid {
  readonly shape: [height: number, width: number, inputs: number, outputs: number]
  readonly values: (weight: Float32Array) => Float32Array
}

/**
 * [O, I, kh, kw] to tfjs's [kh, kw, I, O], spread to the dilated kernel where `dilation` says so: tfjs refuses
 * stride and dilation together, and zeros between the taps mean the same.
 */
export function convFilter(shape: FilterShape, dilation: Pair): Laid {
  const [outputs, inputs, kh, kw] = shape
  const height = dilation[0] * (kh - 1) + 1
  const width = dilation[1] * (kw - 1) + 1
  return {
    shape: [height, width, inputs, outputs],
    values: (weight) => spread(weight, shape, dilation, [height, width]),
  }
}

function spread(
  weight: Float32Array,
  [outputs, inputs, kh, kw]: FilterShape,
  dilation: Pair,
  [height, width]: Pair,
): Float32Array {
  const values = new Float32Array(height * width * inputs * outputs)
  let from = 0
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++)
      for (let y = 0; y < kh; y++)
        for (let x = 0; x < kw; x++) {
          const tap = y * dilation[0] * width + x * dilation[1]
          values[(tap * inputs + i) * outputs + o] = weight[from++] ?? 0
        }
  return values
}

/** [I * M, 1, kh, kw] to tfjs's depthwise [kh, kw, I, M]; output channel i * M + m comes of input channel i. */
export function depthwiseFilter([outputs, , kh, kw]: FilterShape, inputs: number, dilation: Pair): Laid {
  const { values, shape } = convFilter([outputs, 1, kh, kw], dilation)
  const [height, width] = shape
  return { shape: [height, width, inputs, outputs / inputs], values }
}

/**
 * Dense weights that act as `merged` groups side by side: each output channel sees its own group's inputs and
 * zeros for the others'.
 */
export function mergeGroups(weight: Float32Array, shape: FilterShape, merged: number): Float32Array {
  const [outputs, inputs, kh, kw] = shape
  const row = inputs * kh * kw
  const values = new Float32Array(outputs * merged * row)
  const outputsPerGroup = outputs / merged
  for (let o = 0; o < outputs; o++) {
    const group = Math.floor(o / outputsPerGroup)
    values.set(weight.subarray(o * row, (o + 1) * row), (o * merged + group) * row)
  }
  return values
}

/** [O, I] to [I, O]. */
export function linearMatrix(weight: Float32Array, outputs: number, inputs: number): Float32Array {
  const values = new Float32Array(weight.length)
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++) values[i * outputs + o] = weight[o * inputs + i] ?? 0
  return values
}

/** Running statistics and affine parameters of a batch norm, each of length C. */
interface NormParameters {
  readonly weight: Float32Array
  readonly bias: Float32Array
  readonly mean: Float32Array
  readonly variance: Float32Array
}

/** y = x * scale + shift, per channel. */
export interface NormAffine {
  readonly scale: Float32Array
  readonly shift: Float32Array
}

/** Inference form of a batch norm, y = x * scale + shift (Ioffe & Szegedy 2015, alg. 2), computed in float64. */
export function normAffine(norm: NormParameters, eps: number): NormAffine {
  const scale = Float64Array.from(
    norm.weight,
    (weight, c) => weight / Math.sqrt((norm.variance[c] ?? 0) + eps),
  )
  const shift = Float32Array.from(scale, (factor, c) => (norm.bias[c] ?? 0) - (norm.mean[c] ?? 0) * factor)
  return { scale: Float32Array.from(scale), shift }
}

/**
 * For each window of an average pool, the window's positions over those of them that lie within the map: what turns an
 * average that counts padding (as zeros) into one that does not. [height, width], row by row.
 */
export function averageCorrection(
  input: Pair,
  output: Pair,
  { kernel, stride, padding }: Pick<Window, 'kernel' | 'stride' | 'padding'>,
): Float32Array {
  const inside = (axis: 0 | 1, window: number): number => {
    const start = window * stride[axis] - (axis === 0 ? padding[0] : padding[3])
    return Math.min(start + kernel[axis], input[axis]) - Math.max(start, 0)
  }
  return Float32Array.from({ length: output[0] * output[1] }, (_, i) => {
    const [y, x] = [Math.floor(i / output[1]), i % output[1]]
    return (kernel[0] * kernel[1]) / (inside(0, y) * inside(1, x))
  })
}
