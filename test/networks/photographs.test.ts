import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileTfjs, type TfjsModel } from '../../src/backends/tfjs/compile.ts'
import { packageRoot } from '../../src/host/package.ts'
import { decodeImage } from '../../src/host/images/load-image.ts'
import { openTfjs } from '../../src/backends/tfjs/node/device.ts'
import { bindWeights } from '../../src/weights/bind-weights.ts'
import { readSafetensors } from '../../src/weights/safetensors/read.ts'
import { nameMapOf, networkGraph, readJson } from './support.ts'

interface Pretrained {
  /** The top 5 of each photograph, by file. */
  readonly images: Readonly<Record<string, readonly { readonly class: number; readonly p: number }[]>>
}

/** Libraries scale pictures in slightly different ways; the classes have to come out all the same. */
const PROBABILITY_TOLERANCE = 0.03

const { images } = readJson('test/reference/pretrained/efficientnet_lite0.json') as Pretrained
const graph = networkGraph('efficientnet_lite0')
let model: TfjsModel

beforeAll(async () => {
  await openTfjs('wasm')
  const path = 'examples/efficientnet_lite0/efficientnet_lite0.safetensors'
  const file = readSafetensors(readFileSync(join(packageRoot(), path)), path)
  model = compileTfjs(graph, bindWeights(graph, file, nameMapOf(graph)))
})

afterAll(() => {
  model.dispose()
})

test.each(Object.entries(images))('efficientnet_lite0 names what is on %s', async (name, expected) => {
  const path = join(packageRoot(), 'examples/photographs', name)
  const { logits } = await model.predict(await decodeImage(path, graph.metadata, [3, 224, 224]), 1)
  const probabilities = softmax(logits.data)
  expect(probabilities.indexOf(Math.max(...probabilities))).toBe(expected[0]?.class)
  for (const { class: index, p } of expected)
    expect(Math.abs((probabilities[index] ?? NaN) - p), `class ${index}`).toBeLessThan(PROBABILITY_TOLERANCE)
})

function softmax(logits: Float32Array): number[] {
  const largest = Math.max(...logits)
  const exponentials = Array.from(logits, (logit) => Math.exp(logit - largest))
  const sum = exponentials.reduce((total, value) => total + value, 0)
  return exponentials.map((value) => value / sum)
}
