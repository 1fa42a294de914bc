import { GraphView } from '../../../src/ir/view.ts'
import { describe, expect, it } from 'vitest'
import { componentsOf } from '../../../src/analysis/reconcile/components.ts'
import { smallGraph } from '../../ir/graph-fixtures.ts'
import { networkGraph } from '../../networks/support.ts'

const amounts = (network: string): Record<string, number> =>
  Object.fromEntries(
    componentsOf(new GraphView(networkGraph(network, [3, 224, 224]))).map(({ name, amount }) => [
      name,
      amount,
    ]),
  )

const pathsOf = (network: string, wanted: string): string[] =>
  componentsOf(new GraphView(networkGraph(network)))
    .filter(({ name }) => name === wanted)
    .flatMap(({ layers }) => layers.map(({ path }) => path))

describe('componentsOf', () => {
  it('finds the parts of a small graph', () => {
    const found = Object.fromEntries(
      componentsOf(new GraphView(smallGraph())).map(({ name, amount }) => [name, amount]),
    )
    expect(found).toEqual({
      head: 8 * 10,
      stem: 16 * 12 * 8 * 27,
      fixed_filters: 8 * 8 * 6 * 9,
      bias: 8 * 16 * 12 + 10,
      norms: 8 * 16 * 12,
      // The stem's leaky_relu, and relu on the joined map.
      activations: 8 * 16 * 12 + 8 * 8 * 6,
      sums: 8 * 16 * 12,
      pools: 8 * 8 * 6,
    })
  })

  it('finds the convolutions on shortcuts of ResNet-50, one a stage', () => {
    expect(amounts('resnet50').shortcuts).toBe(
      256 * 56 * 56 * 64 + 512 * 28 * 28 * 256 + 1024 * 14 * 14 * 512 + 2048 * 7 * 7 * 1024,
    )
    expect(pathsOf('resnet50', 'shortcuts')).toHaveLength(4)
  })

  it('finds those of TResNet, behind a pool, and none in networks that have none', () => {
    expect(pathsOf('tresnet_m', 'shortcuts').every((path) => path.includes('downsample'))).toBe(true)
    expect(pathsOf('tresnet_m', 'shortcuts')).toHaveLength(3)
    for (const network of ['fasternet_t0', 'mobilenetv2_100', 'vgg16', 'repvgg_a0'])
      expect(pathsOf(network, 'shortcuts')).toEqual([])
  })

  it('finds what an early stride saves: three quarters of three 1x1 convolutions', () => {
    const each = 128 * 56 * 56 * 256
    expect(amounts('resnet50').early_strides).toBe(3 * 0.75 * each)
    // Inverted bottlenecks stride behind a 1x1 convolution by design, and basic units have none.
    for (const network of ['mobilenetv2_100', 'resnet18', 'vgg16'])
      expect(amounts(network)).not.toHaveProperty('early_strides')
  })

  it('finds the gates of channel attention, and only them', () => {
    const convs = pathsOf('seresnet50', 'gates')
    expect(convs).toHaveLength(2 * 16)
    // The difference that the reference has between the two networks.
    expect(amounts('seresnet50').gates).toBe(4_091_699_200 - 4_089_184_256)
    expect(amounts('ecaresnet50d').gates).toBe(4_328_912_640 - 4_328_824_832)
    expect(amounts('resnet50')).not.toHaveProperty('gates')
  })
})
