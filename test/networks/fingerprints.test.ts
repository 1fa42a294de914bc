import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { wantedTensors } from '../../src/weights/wanted.ts'
import { nameMapOf, networkGraph } from './support.ts'

/**
 * A checkpoint of the official code in one number: how many tensors of floats it has, and the hash of `NAME SIZES`,
 * a line each, sorted, sizes of 1 left out (a linear layer and a 1x1 convolution hold the same). Written by
 * tools/reference/rivals-timm.py from timm 1.0.31 and torchvision 0.28.0 (ShuffleNetV2), which compares the logits too.
 */
const official = [
  ['ecaresnet50d', 293, '1a40b285b5a0c8b8'],
  ['efficientnet_b1', 439, 'a44d0b5a1d792699'],
  ['efficientnet_b2', 439, 'cfa100af3d2dfaec'],
  ['efficientnet_b3', 496, '1ca2ecbc88c1ecfe'],
  ['efficientnet_b4', 610, '9c0a8aa7acc92797'],
  ['ghostnet_100', 432, '3f99410795693662'],
  ['mixnet_l', 421, '49b4b42d78bc9d0e'],
  ['mixnet_m', 421, '91a9f8127d6c0089'],
  ['mixnet_s', 347, '18e7fb252cbccc53'],
  ['mobilenetv3_large_100', 266, 'f2a26041ccf08074'],
  ['repvgg_a0', 290, '6bdd9f70b0f6402a'],
  ['repvgg_b0', 374, 'a46a8bcb0d1636a1'],
  ['resnet50d', 277, 'd354a19e6a5bc282'],
  ['resnetblur50', 267, '64f6d2a59d312617'],
  ['seresnet50', 331, '60237a2eb71ac610'],
  ['shufflenet_v2_x0_5', 282, '2fed144fc636d5f8'],
  ['shufflenet_v2_x1_0', 282, '29a576404b127830'],
  ['shufflenet_v2_x1_5', 282, 'b044c2cf4b80d668'],
  ['shufflenet_v2_x2_0', 282, '864464f128c1ed08'],
  ['vgg16', 32, '3d3e9df40b6e3e1c'],
] as const

describe.each(official)('%s', (name, tensors, fingerprint) => {
  test('has the names and shapes of the official checkpoints', () => {
    const graph = networkGraph(name)
    const lines = wantedTensors(graph, nameMapOf(graph)).map(
      ({ key, shape }) => `${key} ${shape.filter((size) => size !== 1).join('x')}`,
    )
    expect(lines.length).toBe(tensors)
    const hash = createHash('sha256').update(lines.sort().join('\n')).digest('hex')
    expect(hash.slice(0, 16)).toBe(fingerprint)
  })
})
