import { describe, expect, test } from 'vitest'
import type { Graph } from '../../src/ir/graph.ts'
import { tensor } from '../../src/ir/tensor-type.ts'
import { bindWeights } from '../../src/weights/bind-weights.ts'
import { readNameMap } from '../../src/weights/name-map.ts'
import { readSafetensors } from '../../src/weights/safetensors/read.ts'
import { writeSafetensors } from '../../src/weights/safetensors/write.ts'
import { diagnosed } from './diagnosed.ts'
import { graphOf, type SmallNode } from './graphs.ts'

type Shape = readonly number[]

/** A graph of one layer over an input of [C, H, W]. */
function layer(
  op: SmallNode['op'],
  weight: Shape,
  input: Shape = [3, 8, 8],
  attributes: SmallNode['attributes'] = {},
): Graph {
  const graph = graphOf([
    { path: 'stem.a', op, shapes: { weight }, attributes: { groups: 1, ...attributes } },
  ])
  const [first, ...others] = graph.values
  return { ...graph, values: [{ ...first!, type: tensor(...input) }, ...others] }
}

const fileOf = (name: string, shape: Shape) => {
  const length = shape.reduce((a, b) => a * b, 1)
  const data = Float32Array.from({ length }, (_, index) => index)
  return readSafetensors(writeSafetensors(new Map([[name, { shape, data }]])), 'w.safetensors')
}

const bind = (graph: Graph, shape: Shape) => bindWeights(graph, fileOf('stem.a.weight', shape))

function permutations(items: Shape): readonly Shape[] {
  if (items.length < 2) return [items]
  return items.flatMap((item, at) =>
    permutations(items.filter((_, index) => index !== at)).map((rest) => [item, ...rest]),
  )
}

const distinct = (shapes: readonly Shape[]): readonly Shape[] => [
  ...new Map(shapes.map((shape) => [shape.join(), shape])).values(),
]

/** Filters with and without sizes of 1, square and not, of few and of many channels. */
const SIZES: readonly Shape[] = [
  [4, 3, 7, 1],
  [16, 1, 3, 3],
  [8, 8, 7, 1],
  [8, 4, 3, 5],
  [2, 1, 1, 5],
  [6, 1, 1, 1],
  [3, 3, 1, 1],
  [4, 2, 2, 2],
]

describe.each(SIZES)('of a filter of the sizes %j, %j, %j, %j', (...sizes) => {
  const shapes = distinct(permutations(sizes))

  test('each permutation holds itself and no other', () => {
    const accepted = shapes.flatMap((ours) =>
      shapes
        .filter((theirs) => {
          try {
            return bind(layer('conv', ours), theirs).size === 1
          } catch {
            return false
          }
        })
        .map((theirs) => [ours, theirs]),
    )
    expect(accepted).toEqual(shapes.map((shape) => [shape, shape]))
  })

  test('each other one is E0610, a matter of shape', () => {
    for (const ours of shapes)
      for (const theirs of shapes.filter((shape) => shape !== ours)) {
        const { code, notes } = diagnosed(() => bind(layer('conv', ours), theirs))
        expect([code, notes]).toEqual(['E0610', [expect.stringMatching(/^shape: stem\.a\.weight is /)]])
      }
  })

  test('nor does it lose or gain a size of 1 elsewhere', () => {
    const bare = sizes.filter((size) => size > 1)
    const others = [bare, [...sizes, 1], [1, ...sizes]].filter(({ length }) => length !== 2 && length !== 4)
    for (const shape of others)
      expect(diagnosed(() => bind(layer('conv', sizes), shape)).message).toContain('of another shape')
  })
})

describe('the same layer as another library writes it', () => {
  test.each([
    ['linear', [5, 3], [5, 3, 1, 1], [3, 1, 1]],
    ['conv', [5, 3, 1, 1], [5, 3], [3, 8, 8]],
    ['conv', [1, 1, 5, 1], [1, 1, 5], [1, 64, 1]],
    ['conv', [1, 1, 1, 5], [1, 1, 5], [1, 1, 64]],
    ['conv', [4, 2, 3, 1], [4, 2, 3], [2, 64, 1]],
    ['scale', [5], [5, 1, 1], [5, 8, 8]],
  ] as const)('%s of %j takes %j', (op, ours, theirs, input) => {
    const length = ours.reduce<number>((a, b) => a * b, 1)
    const weights = bind(layer(op, ours, input), theirs)
    expect([...(weights.get('stem.a.weight') ?? [])]).toEqual(Array.from({ length }, (_, index) => index))
  })

  test.each([
    ['a linear layer transposed', 'linear', [5, 3], [3, 5], [3, 1, 1], {}],
    ['a linear layer with its axes of 1 in front', 'linear', [5, 3], [1, 1, 5, 3], [3, 1, 1], {}],
    ['a linear layer of one unit as a vector', 'linear', [1, 3], [3], [3, 1, 1], {}],
    ['a 1 x 1 convolution of TensorFlow', 'conv', [5, 3, 1, 1], [1, 1, 3, 5], [3, 8, 8], {}],
    ['a depthwise one as a linear layer', 'conv', [5, 1, 1, 1], [5, 1], [5, 8, 8], { groups: 5 }],
    ['a grouped one as a linear layer', 'conv', [6, 2, 1, 1], [6, 2], [6, 8, 8], { groups: 3 }],
    ['a depthwise one as a scale', 'conv', [5, 1, 1, 1], [5], [5, 8, 8], { groups: 5 }],
    ['a depthwise one of TensorFlow', 'conv', [5, 1, 3, 3], [3, 3, 5, 1], [5, 8, 8], { groups: 5 }],
    ['a transposed one', 'conv', [6, 4, 3, 3], [4, 6, 3, 3], [4, 8, 8], {}],
    ['a partial one transposed', 'partial_conv', [4, 4, 3, 1], [4, 4, 1, 3], [8, 8, 8], {}],
    ['a kernel of one axis over a map of two', 'conv', [1, 1, 5, 1], [1, 1, 5], [1, 8, 8], {}],
    ['a kernel of one axis across the other', 'conv', [1, 1, 5, 1], [1, 1, 5], [1, 1, 64], {}],
    ['a bare kernel of one axis', 'conv', [1, 1, 5, 1], [5], [1, 64, 1], {}],
    ['a scale with its axes in front', 'scale', [5], [1, 1, 5], [5, 8, 8], {}],
    ['a norm with more axes', 'batch_norm', [5], [5, 1, 1], [5, 8, 8], {}],
  ] as const)('is not %s', (_, op, ours, theirs, input, attributes) => {
    const { code, notes } = diagnosed(() => bind(layer(op, ours, input, attributes), theirs))
    expect([code, notes[0]]).toEqual(['E0610', expect.stringMatching(/^shape: /)])
  })

  test('is decided alike under a name map', () => {
    const names = readNameMap('{"rules": [{"from": "stem.{k}", "to": "body.{k}"}]}', 'n.json')
    const under = (ours: Shape, theirs: Shape) => () =>
      bindWeights(layer('conv', ours), fileOf('body.a.weight', theirs), names)
    expect(under([5, 3, 1, 1], [5, 3])().size).toBe(1)
    expect(diagnosed(under([4, 3, 1, 7], [4, 3, 7, 1])).notes).toEqual([
      'shape: body.a.weight is [4, 3, 7, 1] in the file and [4, 3, 1, 7] in the network (stem.a.weight), std/blocks.arch:1:3, in stem of net.arch:1:1',
    ])
  })

  test('and only as weights: biases are as long as they are', () => {
    const graph = graphOf([{ path: 'a', op: 'linear', shapes: { bias: [3] } }])
    expect(diagnosed(() => bindWeights(graph, fileOf('a.bias', [3, 1, 1]))).code).toBe('E0610')
  })

  test('sizes in another order have the layout for help', () => {
    expect(diagnosed(() => bind(layer('conv', [4, 3, 1, 7]), [4, 3, 7, 1])).help).toContain(
      '[out, in / groups, height, width]',
    )
    expect(diagnosed(() => bind(layer('conv', [4, 3, 1, 7]), [4, 3, 1, 5])).help).toBeUndefined()
  })
})
