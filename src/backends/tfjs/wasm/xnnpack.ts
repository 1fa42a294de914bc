import { type ConvInfo, elementCount } from '../trace/lowering/lowering.ts'

/**
 * What XNNPACK allocates besides a kernel's tensors, in tfjs-backend-wasm 4.22 (src/cc/conv2d_impl.cc, batch_mat_mul_impl.cc
 * and kernels/*.cc there; src/operators/*.c and src/indirection.c of XNNPACK). Each formula agrees with what the module was
 * seen to allocate: test/backends/tfjs/wasm-memory.test.ts compares the memory that it takes.
 */
export interface Blocks {
  /** Bytes of what is made once for an operator, in order: copies of its weights, packed, and rows of zeros. */
  readonly once: readonly number[]
  /** Bytes of the table of pointers to what each output is made of; it is kept, and grows with the map. */
  readonly table: number
}

const FLOAT = 4
const POINTER = 4
/** An operator, and what the maps that find it again are made of. */
const OPERATOR = [592, 116, 84, 24, 8, 24] as const
/** Output channels are computed eight at a time in the module with SIMD, four in the other. */
const TILE = 8
/** Depthwise convolutions of these many taps have kernels of their own; others are done as grouped ones. */
const DEPTHWISE_TAPS: readonly number[] = [3, 4, 9, 25]
/** What kernels may read beyond the end of a row. */
const EXTRA = 16
/** Pools read this many taps at a time, and their tables are longer by all but one. */
const POOL_TAPS = 9

const none: Blocks = { once: [], table: 0 }

/** [outputs, inputs] or the same per group; a filter is packed with a bias for each output. */
const packed = (groups: number, taps: number, inputs: number, outputs: number): number =>
  FLOAT * groups * (taps * inputs + 1) * up(outputs, TILE)

const up = (value: number, tile: number): number => tile * Math.ceil(value / tile)

/**
 * A dense convolution keeps its filter three times: as it was given, transposed, and packed. Its table has a pointer for
 * each output position and tap, unless it is a plain product of matrices.
 */
export function denseBlocks(info: ConvInfo): Blocks {
  const taps = info.filterHeight * info.filterWidth
  const { inChannels, outChannels } = info
  return {
    once: [
      FLOAT * taps * inChannels * outChannels,
      ...OPERATOR,
      packed(1, taps, inChannels, outChannels),
      ...zeros(info),
    ],
    table: isProduct(info) ? 0 : POINTER * positions(info) * taps,
  }
}

/** Where windows of one row overlap, a depthwise kernel's table has their pointers once. */
export function depthwiseBlocks(info: ConvInfo): Blocks {
  const taps = info.filterHeight * info.filterWidth
  const { inChannels, outChannels } = info
  const multiplier = outChannels / inChannels
  if (multiplier === 1 && isProduct(info))
    return { once: [...OPERATOR, 2 * FLOAT * up(inChannels, TILE)], table: 0 }
  if (multiplier !== 1 || !DEPTHWISE_TAPS.includes(taps))
    return {
      once: [...OPERATOR, packed(inChannels, taps, 1, multiplier), ...zeros(info)],
      table: isProduct(info) ? 0 : POINTER * positions(info) * taps,
    }
  const step = info.dilationWidth > 1 ? info.filterWidth : Math.min(info.strideWidth, info.filterWidth)
  return {
    once: [...OPERATOR, FLOAT * (taps + 1) * up(inChannels, TILE), ...zeros(info)],
    table: POINTER * rowsOfWindows(info, step),
  }
}

/** A pool of the whole map reads it as it lies. Averages with padding keep a factor for each position. */
export function poolBlocks(info: ConvInfo, kind: 'avg' | 'max'): Blocks {
  if (info.filterHeight === 1 && info.filterWidth === 1) return none
  const padded = isPadded(info)
  const once = [...OPERATOR, ...(kind === 'avg' ? [FLOAT * info.inChannels + EXTRA] : [])]
  if (kind === 'avg' && positions(info) === 1 && !padded) return { once, table: 0 }
  const step = Math.min(info.strideWidth, info.filterWidth)
  return {
    once: kind === 'avg' && padded ? [...once, FLOAT * positions(info)] : once,
    table: POINTER * (POOL_TAPS - 1 + rowsOfWindows(info, step)),
  }
}

/** For each position four pointers and two weights. */
export const bilinearBlocks = (shape: readonly number[]): Blocks => {
  const places = (shape[1] ?? 1) * (shape[2] ?? 1)
  return { once: [...OPERATOR, 2 * FLOAT * places], table: 4 * POINTER * places }
}

/** The matrix [inputs, outputs] of a linear layer is kept twice, as it was given and packed. */
export const productBlocks = (matrix: readonly number[]): Blocks => {
  const outputs = matrix.at(-1) ?? 1
  return { once: [...OPERATOR, packed(1, 1, elementCount(matrix) / outputs, outputs)], table: 0 }
}

export const preluBlocks = (slopes: readonly number[]): Blocks => ({
  once: [...OPERATOR, FLOAT * elementCount(slopes) + EXTRA],
  table: 0,
})

const positions = ({ outHeight, outWidth }: ConvInfo): number => outHeight * outWidth

function rowsOfWindows({ filterHeight, filterWidth, outHeight, outWidth }: ConvInfo, step: number): number {
  return outHeight * (filterHeight * filterWidth + (outWidth - 1) * step * filterHeight)
}

const isPadded = ({ padInfo: { top, bottom, left, right } }: ConvInfo): boolean =>
  Math.max(top, bottom, left, right) > 0

const isProduct = (info: ConvInfo): boolean =>
  info.filterHeight * info.filterWidth === 1 &&
  info.strideHeight === 1 &&
  info.strideWidth === 1 &&
  !isPadded(info)

const zeros = (info: ConvInfo): number[] => (isPadded(info) ? [FLOAT * info.inChannels + EXTRA] : [])
