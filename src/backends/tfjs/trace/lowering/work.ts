import type { Filter } from '../../../../analysis/execution/kernel.ts'
import type { Work } from '../recorder.ts'
import { sizeOf, type ConvInfo } from './geometry.ts'

/** What the passes of every backend compute; operations are counted as `src/ir/ops/definition.ts` has it. */

/** A convolution; `bias`: added before the result is written. */
export function convWork(info: ConvInfo, depthwise: boolean, bias: boolean): Work {
  const outputs = sizeOf(info.outShape)
  const taps = info.filterHeight * info.filterWidth
  return {
    name: `${depthwise ? 'depthwise conv' : 'conv'}${bias ? ' + bias' : ''}`,
    kind: depthwise ? 'depthwise' : 'dense',
    macs: outputs * taps * (depthwise ? 1 : info.inChannels),
    arithmetic: bias ? outputs : 0,
    filter: {
      inChannels: info.inChannels,
      outChannels: info.outChannels,
      groups: depthwise ? info.inChannels : 1,
      kernel: [info.filterHeight, info.filterWidth],
      stride: [info.strideHeight, info.strideWidth],
    },
  }
}

/** Of a convolution that is carried out as a product of matrices. */
export const convolutionNaming = (info: ConvInfo, bias: boolean): Naming => {
  const { name, filter } = convWork(info, false, bias)
  return { name, ...(filter ? { filter } : {}) }
}

/** What a product of matrices is besides: a convolution's name and filter. */
export interface Naming {
  readonly name?: string
  readonly filter?: Filter
}

/** A linear layer: [rows, shared] times [shared, columns]. */
export const productWork = (rows: number, shared: number, columns: number, bias: boolean): Work => ({
  name: `matmul${bias ? ' + bias' : ''}`,
  kind: 'dense',
  macs: rows * shared * columns,
  arithmetic: bias ? rows * columns : 0,
  filter: { inChannels: shared, outChannels: columns, groups: 1, kernel: [1, 1], stride: [1, 1] },
})

/** A window of k elements takes k - 1 comparisons, or k - 1 additions and a division. */
export function poolWork(info: ConvInfo, of: 'max' | 'avg'): Work {
  const taps = info.filterHeight * info.filterWidth
  const whole = info.filterHeight === info.inHeight && info.filterWidth === info.inWidth
  return {
    name: `${of} pool`,
    kind: whole ? 'reduction' : 'pool',
    arithmetic: sizeOf(info.outShape) * (of === 'max' ? taps - 1 : taps),
  }
}

/** Elementary operations for each element of the result. */
const perElement = {
  add: 1,
  sub: 1,
  mul: 1,
  div: 1,
  /** A comparison and a product. */
  prelu: 2,
  relu: 1,
  relu6: 2,
  abs: 1,
  /** Negate, exp, add, divide. */
  sigmoid: 4,
  tanh: 1,
  erf: 1,
  exp: 1,
  square: 1,
  /** A root and a division. */
  rsqrt: 2,
} as const

export type PointwiseName = keyof typeof perElement

export const pointwiseWork = (name: PointwiseName, elements: number): Work => ({
  name,
  kind: 'pointwise',
  arithmetic: perElement[name] * elements,
})

/** `inner` elements become one: inner - 1 operations, and a division for a mean. */
export const reductionWork = (name: 'mean' | 'sum' | 'max', outputs: number, inner: number): Work => ({
  name,
  kind: 'reduction',
  arithmetic: outputs * (name === 'mean' ? inner : inner - 1),
})

/** In one pass: maximum, differences, exponentials, sum, quotients. */
export const softmaxWork = (elements: number, inner: number): Work => ({
  name: 'softmax',
  kind: 'reduction',
  arithmetic: 5 * elements - (2 * elements) / inner,
})

/** Bilinear: 4 products and 3 sums. */
export const resizeWork = (mode: 'nearest' | 'bilinear', elements: number): Work => ({
  name: `resize ${mode}`,
  kind: mode === 'nearest' ? 'copy' : 'pointwise',
  arithmetic: mode === 'nearest' ? 0 : 7 * elements,
})

export const copyWork = (name: string, reads?: number): Work => ({
  name,
  kind: 'copy',
  ...(reads === undefined ? {} : { reads }),
})
