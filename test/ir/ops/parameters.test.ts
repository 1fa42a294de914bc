import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isProblem } from '../../../src/ir/ops/definition.ts'
import { operatorOf } from '../../../src/ir/ops/index.ts'
import { elements } from '../../../src/ir/tensor-type.ts'
import { applied, apply, costOf, parametersOf } from './support.ts'

const shapesOf = (...call: Parameters<typeof applied>) =>
  Object.fromEntries(parametersOf(applied(...call)).map(({ role, shape }) => [role, shape]))

describe('parameters', () => {
  it('have the layouts of PyTorch', () => {
    expect(shapesOf('conv', { channels: 8, kernel: [3, 5], groups: 2 }, [4, 9, 9])).toEqual({
      weight: [8, 2, 3, 5],
      bias: [8],
    })
    expect(shapesOf('depthwise_conv', { kernel: 3, bias: false }, [4, 9, 9])).toEqual({
      weight: [4, 1, 3, 3],
    })
    expect(shapesOf('partial_conv', {}, [10, 9, 9])).toEqual({ weight: [2, 2, 3, 3] })
    expect(shapesOf('linear', { features: 10 }, [64, 1, 1])).toEqual({ weight: [10, 64], bias: [10] })
    expect(shapesOf('layer_norm', {}, [4, 9, 9])).toEqual({ weight: [4], bias: [4] })
    expect(shapesOf('scale', {}, [4, 9, 9])).toEqual({ weight: [4] })
    expect(shapesOf('relu', {}, [4, 9, 9])).toEqual({})
  })

  it('of batch norm are learned or running', () => {
    for (const name of ['batch_norm', 'abn'])
      expect(
        parametersOf(applied(name, { initial_scale: 0 }, [4, 9, 9])).map((one) => [
          one.role,
          one.trainable,
          one.initial,
        ]),
      ).toEqual([
        ['weight', true, { kind: 'constant', value: 0 }],
        ['bias', true, { kind: 'constant', value: 0 }],
        ['running_mean', false, { kind: 'constant', value: 0 }],
        ['running_var', false, { kind: 'constant', value: 1 }],
      ])
  })

  it('start with the fans of their filters', () => {
    const [weight] = parametersOf(applied('conv', { channels: 8, kernel: 3, groups: 2 }, [4, 9, 9]))
    expect(weight?.initial).toEqual({ kind: 'scheme', of: 'conv', fanIn: 18, fanOut: 72, groups: 2 })
    const [linear] = parametersOf(applied('linear', { features: 10 }, [64]))
    expect(linear?.initial).toEqual({ kind: 'scheme', of: 'linear', fanIn: 64, fanOut: 10, groups: 1 })
  })
})

describe('cost', () => {
  it('counts the multiply-accumulates of learned filters', () => {
    const macsOf = (...call: Parameters<typeof applied>) => costOf(applied(...call)).inference
    const learned = (macs: number) => ({ macs, fixedMacs: 0 })
    expect(macsOf('conv', { channels: 64, kernel: 7, stride: 2 }, [3, 224, 224])).toMatchObject(
      learned(64 * 112 * 112 * 3 * 7 * 7),
    )
    expect(macsOf('depthwise_conv', { kernel: 3 }, [32, 112, 112])).toMatchObject(learned(32 * 9 * 112 * 112))
    expect(macsOf('partial_conv', {}, [40, 56, 56])).toMatchObject(learned(10 * 10 * 9 * 56 * 56))
    expect(macsOf('linear', { features: 1000 }, [2048])).toMatchObject(learned(2048000))
    expect(macsOf('blur_pool', { stride: 2 }, [64, 56, 56])).toMatchObject({
      macs: 0,
      fixedMacs: 64 * 28 * 28 * 9,
    })
    expect(macsOf('avg_pool', { kernel: 2 }, [64, 56, 56])).toMatchObject(learned(0))
  })

  it('of a convolution is its weight times the area of its result', () => {
    const n = (max: number) => fc.integer({ min: 1, max })
    fc.assert(
      fc.property(
        n(4),
        n(4),
        n(4),
        n(5),
        n(3),
        n(40),
        n(40),
        (groups, into, out, kernel, stride, height, width) => {
          const given = { channels: groups * out, kernel, stride, groups, padding: 'same_tf' }
          const result = apply('conv', given, [[groups * into, height, width]])
          if (isProblem(result)) return expect.fail()
          const [, outHeight = 0, outWidth = 0] = result.outputs[0]?.shape ?? []
          const [weight] = parametersOf(result)
          const weights = elements({ shape: weight?.shape ?? [] })
          expect(costOf(result).inference.macs).toBe(weights * outHeight * outWidth)
        },
      ),
    )
  })
})

describe('attributes', () => {
  const attributesOf = (...call: Parameters<typeof applied>) => applied(...call).attributes

  it('are explicit', () => {
    expect(
      attributesOf('conv', { channels: 8, kernel: 3, stride: 2, padding: 'same_tf' }, [4, 8, 9]),
    ).toEqual({
      channels: 8,
      kernel: [3, 3],
      stride: [2, 2],
      padding: [0, 1, 1, 1],
      dilation: [1, 1],
      groups: 1,
      bias: true,
    })
    expect(attributesOf('max_pool', { kernel: 3, stride: 2, ceil: true }, [4, 8, 9])).toEqual({
      kernel: [3, 3],
      stride: [2, 2],
      padding: [0, 0, 1, 0],
    })
    expect(attributesOf('abn', { activation: { name: 'none', attributes: {} } }, [4, 8, 9])).toMatchObject({
      activation: 'none',
      slope: 0,
    })
    expect(attributesOf('abn', {}, [4, 8, 9])).toMatchObject({ activation: 'leaky_relu', slope: 0.01 })
  })

  it('of an average never count what rounding up adds', () => {
    const counted = (given: object, size: number) =>
      attributesOf('avg_pool', { kernel: 2, ceil: true, ...given }, [4, size, size])['count_padding']
    expect(counted({}, 7)).toBe(false)
    expect(counted({}, 8)).toBe(true)
    expect(counted({ padding: 1, count_padding: false }, 7)).toBe(false)
    expect(counted({ padding: 1 }, 8)).toBe(true)
  })

  it('make some operators the identity', () => {
    expect(operatorOf('blur_pool').isIdentity?.({ stride: [1, 1] })).toBe(true)
    expect(operatorOf('blur_pool').isIdentity?.({ stride: [1, 2] })).toBe(false)
    expect(operatorOf('drop_path').isIdentity?.({ rate: 0 })).toBe(true)
    expect(operatorOf('pad').isIdentity?.({ padding: [0, 0, 1, 0] })).toBe(false)
    expect(operatorOf('upsample').isIdentity?.({ factor: [1, 1] })).toBe(true)
  })
})
