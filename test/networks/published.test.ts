import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/analysis/analyze.ts'
import { builtIns } from '../../src/host/built-ins.ts'
import { addressOf, networkGraph, readJson, shapeAt } from './support.ts'

interface Published {
  readonly parameters: { readonly total: number }
  readonly operations_at_224: { readonly macs: number; readonly macs_fixed_blur: number }
  /** Shapes with the batch in front. */
  readonly shapes_at_224: readonly { readonly label: string; readonly shape: readonly number[] }[]
}

const published = readJson('test/reference/published.json') as Readonly<Record<string, Published>>
const names = builtIns().map(({ name }) => name)

/** The networks that the library has to have. */
const required = [
  ...['m', 'l', 'xl'].map((size) => `tresnet_${size}`),
  ...['050', '058', '080', '100', '111', '130', '150', '200'].map((width) => `repghostnet_${width}`),
  ...['t0', 't1', 't2', 's', 'm', 'l'].map((size) => `fasternet_${size}`),
  ...['resnet18', 'resnet34', 'resnet50', 'resnet50d', 'resnet101'],
  ...['resnext50_32x4d', 'seresnet50', 'seresnext50_32x4d', 'ecaresnet50d', 'resnetblur50'],
  ...['efficientnet_b0', 'efficientnet_b1', 'efficientnet_b3', 'mixnet_s', 'mixnet_m', 'mixnet_l'],
  ...['mobilenetv2_100', 'mobilenetv3_large_100', 'ghostnet_100', 'shufflenet_v2_x1_0'],
  ...['repvgg_a0', 'repvgg_b0', 'vgg16'],
]

/** The reference data has no figures of these; their parameters are tested below. */
const others = [
  ...['efficientnet_lite0', 'efficientnet_b2', 'efficientnet_b4'],
  ...['shufflenet_v2_x0_5', 'shufflenet_v2_x1_5', 'shufflenet_v2_x2_0'],
]

test('the library has the networks that it must have', () => {
  expect(names).toEqual(expect.arrayContaining([...required, ...others]))
  expect(Object.keys(published)).toEqual(expect.arrayContaining(required))
})

const compared = names.flatMap((name) => {
  const claims = published[name]
  return claims === undefined ? [] : [{ name, claims }]
})

describe.each(compared)('$name is what the official code builds:', ({ name, claims }) => {
  const graph = networkGraph(name, [3, 224, 224])
  const analysis = analyze(graph)

  test('parameters', () => expect(analysis.parameters).toBe(claims.parameters.total))

  test('multiply-accumulates', () => {
    expect(analysis.macs).toBe(claims.operations_at_224.macs)
    expect(analysis.fixed_macs).toBe(claims.operations_at_224.macs_fixed_blur)
  })

  test('shapes after the stem and each stage', () => {
    const inner = claims.shapes_at_224.filter(({ label }) => label !== 'input')
    const ours = inner.map(({ label }) => {
      const address = label === 'logits' ? 'head' : addressOf(label, graph)
      return [label, shapeAt(address, graph)]
    })
    expect(ours).toEqual(inner.map(({ label, shape }) => [label, shape.slice(1)]))
  })
})

test('efficientnet_lite0 has the parameters of its checkpoint', () => {
  expect(analyze(networkGraph('efficientnet_lite0')).parameters).toBe(4_652_008)
})

// As torchvision documents its weights.
describe.each([
  { name: 'efficientnet_b2', parameters: 9_109_994 },
  { name: 'efficientnet_b4', parameters: 19_341_616 },
  { name: 'shufflenet_v2_x0_5', parameters: 1_366_792 },
  { name: 'shufflenet_v2_x1_5', parameters: 3_503_624 },
  { name: 'shufflenet_v2_x2_0', parameters: 7_393_996 },
])('$name has the parameters that its publishers count', ({ name, parameters }) => {
  test('in all', () => expect(analyze(networkGraph(name)).parameters).toBe(parameters))
})
