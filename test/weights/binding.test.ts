import { describe, expect, test } from 'vitest'
import { renderDiagnostic } from '../../src/diagnostics/render.ts'
import { bindWeights, looksLikeInplaceAbn } from '../../src/weights/bind-weights.ts'
import { readNameMap } from '../../src/weights/name-map.ts'
import { type SafetensorsFile, readSafetensors } from '../../src/weights/safetensors/read.ts'
import { writeSafetensors } from '../../src/weights/safetensors/write.ts'
import { diagnosed } from './diagnosed.ts'
import { graphOf, type SmallNode } from './graphs.ts'
import { fileWith } from './safetensors-bytes.ts'

const nodes: readonly SmallNode[] = [
  { path: 'stem.conv1', op: 'conv', shapes: { weight: [4, 3, 1, 1] } },
  {
    path: 'layer1.0.abn1',
    op: 'abn',
    shapes: { weight: [4], running_var: [4] },
    attributes: { eps: 0.001 },
  },
  { path: 'head.linear1', op: 'linear', shapes: { weight: [2, 4], bias: [2] } },
]
const graph = graphOf(nodes)
const names = readNameMap(
  JSON.stringify({
    rules: [
      { from: 'stem.conv1', to: 'body.conv1.0' },
      { from: 'layer{s}.{b}.abn{k}', to: 'body.layer{s}.{b}.bn{k}' },
      { from: 'head.linear1', to: 'fc' },
    ],
    ignore: ['*.num_batches_tracked'],
  }),
  'names.json',
)

const OFFICIAL: Readonly<Record<string, readonly number[]>> = {
  'body.conv1.0.weight': [4, 3],
  'body.layer1.0.bn1.weight': [4],
  'body.layer1.0.bn1.running_var': [4],
  'fc.weight': [2, 4, 1, 1],
  'fc.bias': [2],
}

function fileOf(
  shapes: Readonly<Record<string, readonly number[]>>,
  value = (index: number) => index - 1,
): SafetensorsFile {
  const tensors = Object.entries(shapes).map(([name, shape]) => {
    const length = shape.reduce((a, b) => a * b, 1)
    const data = Float32Array.from({ length }, (_, index) => (name.endsWith('var') ? 1 : value(index)))
    return [name, { shape, data }] as const
  })
  return readSafetensors(writeSafetensors(new Map(tensors)), 'w.safetensors')
}

const without = (key: string) => Object.fromEntries(Object.entries(OFFICIAL).filter(([name]) => name !== key))

test('values come under our names, linear layers and 1 x 1 convolutions for one another, and every parameter has one', () => {
  const weights = bindWeights(
    graph,
    fileOf({ ...OFFICIAL, 'body.layer1.0.bn1.num_batches_tracked': [] }),
    names,
  )
  expect([...weights.keys()]).toEqual(graph.parameters.map(({ name }) => name))
  expect([...(weights.get('head.linear1.weight') ?? [])]).toEqual([-1, 0, 1, 2, 3, 4, 5, 6])
})

test('without a map, names are the same', () => {
  const own = Object.fromEntries(
    graph.parameters.map(({ name, value }) => [name, graph.values[value]!.type.shape]),
  )
  expect(bindWeights(graph, fileOf(own)).size).toBe(5)
})

describe('InPlaceABN', () => {
  test('scales are |weight| + eps where asked', () => {
    const scale = (inplaceAbn: boolean) =>
      bindWeights(graph, fileOf(OFFICIAL), names, { inplaceAbn }).get('layer1.0.abn1.weight')
    expect(scale(true)).toEqual(Float32Array.of(1.001, 0.001, 1.001, 2.001))
    expect(scale(false)).toEqual(Float32Array.of(-1, 0, 1, 2))
  })

  test('is suspected where no batches are counted', () => {
    const counting = fileOf({ ...OFFICIAL, 'body.layer1.0.bn1.num_batches_tracked': [] })
    expect(looksLikeInplaceAbn(graph, fileOf(OFFICIAL))).toBe(true)
    expect(looksLikeInplaceAbn(graph, counting)).toBe(false)
    expect(looksLikeInplaceAbn(graphOf(nodes.slice(0, 1)), fileOf(OFFICIAL))).toBe(false)
  })
})

describe('refuses, once, with every name and its line', () => {
  test('all kinds of differences', () => {
    const shapes = {
      ...without('body.layer1.0.bn1.weight'),
      'fc.bias': [3],
      'body.layer1.0.bn1.weigth': [4],
      other: [1],
    }
    const diagnostic = diagnosed(() => bindWeights(graph, fileOf(shapes), names))
    expect(renderDiagnostic(diagnostic)).toBe(
      `error[E0610]: the weights do not fit \`small\`: 1 missing, 1 of another shape, 2 unexpected
 --> w.safetensors
  = missing: body.layer1.0.bn1.weight [4] (layer1.0.abn1.weight), std/blocks.arch:2:3, in layer1 of net.arch:2:1
  = shape: fc.bias is [3] in the file and [2] in the network (head.linear1.bias), std/blocks.arch:3:3, in head of net.arch:3:1
  = unexpected: body.layer1.0.bn1.weigth [4], near std/blocks.arch:2:3, in layer1 of net.arch:2:1; is it body.layer1.0.bn1.weight?
  = unexpected: other [1]`,
    )
  })

  test('integers where a parameter is wanted', () => {
    const header = { a: { dtype: 'I64', shape: [1], data_offsets: [0, 8] } }
    const wanting = graphOf([{ path: 'a', op: 'scale', shapes: { weight: [1] } }])
    const renamed = { ...header, 'a.weight': header.a }
    const file = readSafetensors(fileWith({ 'a.weight': renamed['a.weight'] }, 8), 'w')
    expect(diagnosed(() => bindWeights(wanting, file)).notes).toEqual([
      'dtype: a.weight is I64, not floating point, std/blocks.arch:1:3',
    ])
  })

  test('20 of each kind, and how many more', () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`x${index}`, [1]]))
    const { notes, help } = diagnosed(() => bindWeights(graph, fileOf(many), names))
    expect(notes).toHaveLength(5 + 20 + 1)
    expect(notes.at(-1)).toBe('and 30 more unexpected')
    expect(help).toContain('for another network')
  })

  test('two parameters of one official name', () => {
    const both = readNameMap(
      '{"rules": [{"from": "stem.conv1", "to": "fc"}, {"from": "head.linear1", "to": "fc"}]}',
      'n.json',
    )
    expect(diagnosed(() => bindWeights(graph, fileOf(OFFICIAL), both))).toMatchObject({
      code: 'E0613',
      place: { path: 'n.json' },
    })
  })
})

test('values that no network can run with are refused at their place', () => {
  const nan = fileOf(OFFICIAL, (index) => (index === 1 ? NaN : 0))
  expect(diagnosed(() => bindWeights(graph, nan, names)).message).toBe(
    'element 1 of `body.conv1.0.weight` is NaN',
  )
  const tensors = new Map(
    Object.entries(OFFICIAL).map(([name, shape]) => {
      return [name, { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(-1) }] as const
    }),
  )
  const negative = readSafetensors(writeSafetensors(tensors), 'w')
  expect(diagnosed(() => bindWeights(graph, negative, names))).toMatchObject({
    code: 'E0612',
    message: 'element 0 of `body.layer1.0.bn1.running_var` is -1; a variance cannot be negative',
  })
})
