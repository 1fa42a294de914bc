import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { compileTfjs, type TfjsModel } from '../../src/backends/tfjs/compile.ts'
import { packageRoot } from '../../src/host/package.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { openTfjs } from '../../src/backends/tfjs/node/device.ts'
import { bindWeights, type BindOptions } from '../../src/weights/bind-weights.ts'
import { readSafetensors } from '../../src/weights/safetensors/read.ts'
import { writeSafetensors } from '../../src/weights/safetensors/write.ts'
import type { Weights } from '../../src/weights/weights.ts'
import { makeInput } from '../reference/recipe.mjs'
import { goldenNames, goldenTensors, readGolden, type Golden, type Run } from './golden.ts'
import { addressOf, nameMapOf, networkGraph, readJson } from './support.ts'

/** Worst absolute error of a logit. PyTorch's own is 2e-5, a mistake in the network moves one by 1e-3 or more. */
const LOGIT_TOLERANCE = 2e-4
/** Worst error of a sample of a stage, as a share of the sample or of the stage's standard deviation. */
const SAMPLE_TOLERANCE = 1e-3

beforeAll(async () => {
  expect(await openTfjs('wasm')).toBe('wasm')
})

const cases = [
  ...goldenNames.map((golden) => ({ golden, options: {} })),
  { golden: 'tresnet_m-inplace_abn', options: { inplaceAbn: true } },
]

describe.each(cases)('$golden computes what the official code does', ({ golden: name, options }) => {
  const golden = readGolden(name)
  const sizes = Object.keys(golden.runs).map(parseSize)
  let weights: Weights

  beforeAll(() => {
    weights = goldenWeights(golden, options)
  })

  test.each(sizes)('at %i x %i', async (height, width) => {
    const graph = networkGraph(golden.network, [3, height, width])
    const run = golden.runs[`${height}x${width}`] ?? missing('run')
    await withModel(graph, weights, (model) => compare(model, graph, run, [height, width]))
  })
})

describe('efficientnet_lite0 with its real weights computes what PyTorch does', () => {
  const pretrained = readJson('test/reference/pretrained/efficientnet_lite0.json') as Pick<Golden, 'runs'>
  const path = 'examples/efficientnet_lite0/efficientnet_lite0.safetensors'
  const file = readSafetensors(readFileSync(join(packageRoot(), path)), path)

  test.each(Object.keys(pretrained.runs).map(parseSize))('at %i x %i', async (height, width) => {
    const graph = networkGraph('efficientnet_lite0', [3, height, width])
    const weights = bindWeights(graph, file, nameMapOf(graph))
    const run = pretrained.runs[`${height}x${width}`] ?? missing('run')
    await withModel(graph, weights, (model) => compare(model, graph, run, [height, width]))
  })
})

/** The recipe's tensors, by way of a checkpoint under their official names. */
function goldenWeights(golden: Golden, options: BindOptions): Weights {
  const graph = networkGraph(golden.network)
  const checkpoint = writeSafetensors(goldenTensors(golden))
  return bindWeights(
    graph,
    readSafetensors(checkpoint, `${golden.network}.safetensors`),
    nameMapOf(graph),
    options,
  )
}

async function withModel(
  graph: Graph,
  weights: Weights,
  use: (model: TfjsModel) => Promise<void>,
): Promise<void> {
  const model = compileTfjs(graph, weights)
  try {
    await use(model)
  } finally {
    model.dispose()
  }
}

async function compare(
  model: TfjsModel,
  graph: Graph,
  run: Run,
  [height, width]: [number, number],
): Promise<void> {
  const expected = (run.taps ?? []).map((tap) => ({ ...tap, address: addressOf(tap.label, graph) }))
  const { logits, taps } = await model.predict(
    makeInput(height, width),
    1,
    expected.map(({ address }) => address),
  )

  // Stages first: where they go wrong says more than that the logits do.
  for (const { label, address, shape, std, samples } of expected) {
    const tensor = taps.get(address) ?? missing(address)
    expect(tensor.shape, label).toEqual(shape)
    const errors = samples.map(
      ([index, value]) => Math.abs((tensor.data[index] ?? NaN) - value) / Math.max(Math.abs(value), std),
    )
    expect(Math.max(...errors), label).toBeLessThan(SAMPLE_TOLERANCE)
  }
  expect(logits.shape).toEqual([1, run.logits.length])
  const errors = run.logits.map((value, index) => Math.abs((logits.data[index] ?? NaN) - value))
  expect(Math.max(...errors)).toBeLessThan(LOGIT_TOLERANCE)
}

function parseSize(text: string): [height: number, width: number] {
  const [height = 0, width = 0] = text.split('x').map(Number)
  return [height, width]
}

function missing(what: string): never {
  throw new Error(`the ${what} is missing`)
}
