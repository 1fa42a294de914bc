import { describe, expect, test } from 'vitest'
import type { InitScheme } from '../../src/ir/graph.ts'
import { initialWeights } from '../../src/weights/initial-weights.ts'
import { diagnosed } from './diagnosed.ts'
import { graphOf, type SmallNode } from './graphs.ts'

const conv = (path: string, size = 40_000): SmallNode => ({
  path,
  op: 'conv',
  shapes: { weight: [size] },
  initial: { kind: 'scheme', of: 'conv', fanIn: 3, fanOut: 50, groups: 5 },
})
const valuesUnder = (convInit: InitScheme, seed = 0, path = 'a') =>
  initialWeights(graphOf([conv(path)], { convInit }), seed).get(`${path}.weight`)!

function moments(values: Float32Array) {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const power = (k: number) => values.reduce((sum, value) => sum + (value - mean) ** k, 0) / values.length
  const std = Math.sqrt(power(2))
  return { mean, std, skew: power(3) / std ** 3, kurtosis: power(4) / std ** 4 }
}

describe('the distribution', () => {
  test.each([
    [{ kind: 'kaiming_normal' }, Math.sqrt(2 / 50)],
    [{ kind: 'kaiming_normal_grouped' }, Math.sqrt(2 / 10)],
    [{ kind: 'normal', std: 0.3 }, 0.3],
    [{ kind: 'truncated_normal', std: 0.02 }, 0.02],
  ] as const)('%j is normal', (scheme, std) => {
    const found = moments(valuesUnder(scheme))
    expect(Math.abs(found.mean) / std).toBeLessThan(0.02)
    expect(found.std / std).toBeCloseTo(1, 1.7)
    expect(Math.abs(found.skew)).toBeLessThan(0.05)
    expect(found.kurtosis).toBeCloseTo(3, 0.9)
  })

  test('uniform is flat between bounds of 1 / sqrt(fan in)', () => {
    const values = valuesUnder({ kind: 'uniform' })
    const bound = 1 / Math.sqrt(3)
    expect(values.every((value) => Math.abs(value) <= bound)).toBe(true)
    const { mean, std, kurtosis } = moments(values)
    expect(mean).toBeCloseTo(0, 2)
    expect(std).toBeCloseTo(bound / Math.sqrt(3), 2)
    expect(kurtosis).toBeCloseTo(1.8, 1)
  })

  test.each([1, 2, 3, 1e9])('truncated at 2 whatever the std (%d)', (std) => {
    const values = valuesUnder({ kind: 'truncated_normal', std })
    expect(values.every((value) => Math.abs(value) <= 2)).toBe(true)
    // The variance of a normal distribution cut at c stds is 1 - 2 c φ(c) / (2 Φ(c) - 1); a flat one's is c²/3.
    const expected = { 1: 0.8796, 2: 1.0792, 3: 1.1206, 1e9: 1.1547 }[std] ?? 0
    expect(moments(values).std).toBeCloseTo(expected, 1.7)
  })

  test('a linear layer has its own scheme, a norm its constant', () => {
    const graph = graphOf([
      {
        path: 'l',
        op: 'linear',
        shapes: { weight: [10_000] },
        initial: { kind: 'scheme', of: 'linear', fanIn: 1, fanOut: 1, groups: 1 },
      },
      { path: 'n', op: 'batch_norm', shapes: { weight: [3] }, initial: { kind: 'constant', value: 1 } },
    ])
    const weights = initialWeights(graph, 1)
    expect(moments(weights.get('l.weight')!).std).toBeCloseTo(0.01, 3)
    expect(weights.get('n.weight')).toEqual(Float32Array.of(1, 1, 1))
  })
})

describe('the seed', () => {
  const scheme = { kind: 'normal', std: 1 } as const
  test('gives the same values each time, others under another seed or name', () => {
    expect(valuesUnder(scheme)).toEqual(valuesUnder(scheme))
    expect(valuesUnder(scheme, 1)).not.toEqual(valuesUnder(scheme))
    expect(valuesUnder(scheme, 0, 'b')).not.toEqual(valuesUnder(scheme))
  })

  test("and a parameter's values do not depend on the others", () => {
    const alone = initialWeights(graphOf([conv('a')]), 5).get('a.weight')
    expect(initialWeights(graphOf([conv('z'), conv('a')]), 5).get('a.weight')).toEqual(alone)
  })

  test('values are those they were: checkpoints of random weights stay what they are', () => {
    expect([...valuesUnder(scheme, 0).subarray(0, 3)]).toMatchInlineSnapshot(`
      [
        -0.16694772243499756,
        -0.5879663228988647,
        -1.085235357284546,
      ]
    `)
  })

  test('neighbours, names and seeds are not correlated', () => {
    const a = valuesUnder(scheme, 0)
    const correlation = (b: Float32Array) =>
      a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0) / a.length
    for (const b of [valuesUnder(scheme, 1), valuesUnder(scheme, 0, 'b'), a.subarray(1), a.subarray(2)])
      expect(Math.abs(correlation(b))).toBeLessThan(0.02)
  })
})

test('a network beyond memory is refused', () => {
  const graph = graphOf([conv('a', 2 ** 40)])
  expect(diagnosed(() => initialWeights(graph, 0))).toMatchObject({
    code: 'E0616',
    place: { path: 'net.arch' },
  })
})
