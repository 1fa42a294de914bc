import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { packageRoot } from '../../src/host/package.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { wantedTensors } from '../../src/weights/wanted.ts'
import { isIgnored } from '../../src/weights/name-map.ts'
import { readSafetensors } from '../../src/weights/safetensors/read.ts'
import { goldenNames, readGolden } from './golden.ts'
import { nameMapOf, networkGraph } from './support.ts'

type Shapes = readonly (readonly [name: string, shape: readonly number[]])[]

const byName = (shapes: Shapes): Shapes => [...shapes].sort(([a], [b]) => (a < b ? -1 : 1))

/** The graph's parameters under their official names. */
const officialShapes = (graph: Graph): Shapes =>
  wantedTensors(graph, nameMapOf(graph)).map(({ key, shape }) => [key, shape])

const needed = (graph: Graph, shapes: Shapes): Shapes => {
  const map = nameMapOf(graph)
  return shapes.filter(([name]) => !isIgnored(map, name))
}

describe.each(goldenNames)('%s', (name) => {
  test('has the names and shapes of the official checkpoint', () => {
    const graph = networkGraph(name)
    const official = needed(graph, Object.entries(readGolden(name).state_dict))
    expect(byName(officialShapes(graph))).toEqual(byName(official))
  })
})

test('efficientnet_lite0 has the names and shapes of the checkpoint in examples/', () => {
  const graph = networkGraph('efficientnet_lite0')
  const path = 'examples/efficientnet_lite0/efficientnet_lite0.safetensors'
  const { tensors } = readSafetensors(readFileSync(join(packageRoot(), path)), path)
  const official = needed(
    graph,
    [...tensors.values()].map(({ name, shape }) => [name, shape] as const),
  )
  expect(byName(officialShapes(graph))).toEqual(byName(official))
})

describe('names of timm that no golden file has', () => {
  const officialPaths = (name: string): readonly string[] => {
    const graph = networkGraph(name)
    return officialShapes(graph).map(([official]) => official)
  }

  test('resnet50d: the deep stem, the shortcuts behind their pool', () => {
    const names = officialPaths('resnet50d')
    for (const key of [
      'conv1.0.weight',
      'conv1.1.running_var',
      'conv1.3.weight',
      'conv1.4.bias',
      'conv1.6.weight',
    ])
      expect(names).toContain(key)
    for (const key of ['bn1.weight', 'layer1.0.downsample.1.weight', 'layer2.0.downsample.2.running_mean'])
      expect(names).toContain(key)
  })

  test('seresnet50: the gate', () => {
    const names = officialPaths('seresnet50')
    expect(names).toContain('layer3.5.se.fc1.weight')
    expect(names).toContain('layer3.5.se.fc2.bias')
  })
})
