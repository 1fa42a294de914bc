import { backend_util } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isProblem } from '../../../src/ir/ops/definition.ts'
import {
  ceilPadding,
  geometryOf,
  resolvePadding,
  type Padding,
  type Pair,
} from '../../../src/ir/ops/geometry.ts'

const size = fc.integer({ min: 1, max: 64 })
const small = fc.integer({ min: 1, max: 5 })
const pair = (one: fc.Arbitrary<number>): fc.Arbitrary<Pair> => fc.tuple(one, one)
const side = fc.integer({ min: 0, max: 4 })
const padding: fc.Arbitrary<Padding> = fc.tuple(side, side, side, side)

const convWindow = fc.record({ kernel: pair(small), stride: pair(small), dilation: pair(small) })

type Explicit = [[number, number], [number, number], [number, number], [number, number]]
const explicit = ([top, right, bottom, left]: Padding): Explicit => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0],
]

type Window = { readonly kernel: Pair; readonly stride: Pair; readonly dilation: Pair }

/** TensorFlow.js's own geometry of a convolution, NHWC. */
const oracle = (input: Pair, { kernel, stride, dilation }: Window, pad: 'same' | 'valid' | Explicit) =>
  backend_util.computeConv2DInfo(
    [1, ...input, 1],
    [...kernel, 1, 1],
    [...stride],
    [...dilation],
    pad,
    'floor',
  )

const poolOracle = (input: Pair, kernel: Pair, stride: Pair, padding: Padding) =>
  backend_util.computePool2DInfo([1, ...input, 1], [...kernel], [...stride], 1, explicit(padding), 'ceil')

describe('geometry against TensorFlow.js', () => {
  it('agrees on explicit padding', () => {
    fc.assert(
      fc.property(pair(size), convWindow, padding, (input, window, padding) => {
        const geometry = geometryOf(input, { ...window, padding })
        fc.pre(geometry.output.every((size) => size > 0))
        const info = oracle(input, window, explicit(padding))
        expect(geometry.output).toEqual([info.outHeight, info.outWidth])
        expect(geometry.effectiveKernel).toEqual([info.effectiveFilterHeight, info.effectiveFilterWidth])
      }),
    )
  })

  it('agrees on "same_tf", side by side', () => {
    fc.assert(
      fc.property(pair(size), convWindow, (input, window) => {
        const resolved = resolvePadding('same_tf', input, window)
        if (isProblem(resolved)) return expect.fail()
        const { padInfo, outHeight, outWidth } = oracle(input, window, 'same')
        expect(resolved).toEqual([padInfo.top, padInfo.right, padInfo.bottom, padInfo.left])
        expect(geometryOf(input, { ...window, padding: resolved }).output).toEqual([outHeight, outWidth])
      }),
    )
  })

  it('agrees on "valid"', () => {
    fc.assert(
      fc.property(pair(size), convWindow, (input, window) => {
        const resolved = resolvePadding('valid', input, window)
        if (isProblem(resolved)) return expect.fail()
        const geometry = geometryOf(input, { ...window, padding: resolved })
        fc.pre(geometry.output.every((size) => size > 0))
        const { outHeight, outWidth } = oracle(input, window, 'valid')
        expect(geometry.output).toEqual([outHeight, outWidth])
      }),
    )
  })

  it('agrees on rounding up, where the last window starts inside', () => {
    fc.assert(
      fc.property(pair(size), pair(small), pair(small), padding, (input, kernel, stride, padding) => {
        fc.pre(padding.every((side, index) => side < kernel[index % 2 === 0 ? 0 : 1]))
        const info = poolOracle(input, kernel, stride, padding)
        fc.pre(info.outHeight > 0 && info.outWidth > 0)
        fc.pre((info.outHeight - 1) * stride[0] < input[0] + padding[0])
        fc.pre((info.outWidth - 1) * stride[1] < input[1] + padding[3])
        const window = { kernel, stride, dilation: [1, 1] as const }
        const padded = ceilPadding(input, { ...window, padding })
        expect(geometryOf(input, { ...window, padding: padded }).output).toEqual([
          info.outHeight,
          info.outWidth,
        ])
      }),
    )
  })
})

/** PyTorch's `pooling_output_shape` with ceil_mode (aten/src/ATen/native/Pool.h), in one dimension. */
function torchCeil(input: number, kernel: number, stride: number, before: number, after: number): number {
  const output = Math.floor((input + before + after - (kernel - 1) - 1 + stride - 1) / stride) + 1
  return (output - 1) * stride >= input + before ? output - 1 : output
}

describe('rounding up as PyTorch does', () => {
  it('has as many windows, and only grows the bottom and the right', () => {
    fc.assert(
      fc.property(pair(size), pair(small), pair(small), padding, (input, kernel, stride, padding) => {
        fc.pre(padding.every((side, index) => side < kernel[index % 2 === 0 ? 0 : 1]))
        const window = { kernel, stride, dilation: [1, 1] as const }
        const padded = ceilPadding(input, { ...window, padding })
        const [top, right, bottom, left] = padding
        const wanted = [
          torchCeil(input[0], kernel[0], stride[0], top, bottom),
          torchCeil(input[1], kernel[1], stride[1], left, right),
        ]
        fc.pre(wanted.every((size) => size > 0))
        expect(geometryOf(input, { ...window, padding: padded }).output).toEqual(wanted)
        expect([padded[0], padded[3]]).toEqual([top, left])
        expect(padded[1]).toBeLessThan(kernel[1])
        expect(padded[2]).toBeLessThan(kernel[0])
      }),
    )
  })
})

describe('"same"', () => {
  it('keeps the size at stride 1 and gives ceil(size / stride) otherwise', () => {
    const odd = fc.constantFrom(1, 3, 5, 7)
    fc.assert(
      fc.property(pair(size), pair(odd), pair(small), pair(small), (input, kernel, stride, dilation) => {
        const window = { kernel, stride, dilation }
        const padding = resolvePadding('same', input, window)
        if (isProblem(padding)) return expect.fail()
        const { output } = geometryOf(input, { ...window, padding })
        expect(output).toEqual([Math.ceil(input[0] / stride[0]), Math.ceil(input[1] / stride[1])])
      }),
    )
  })
})
