import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analysis/analyze.ts'
import { compileTfjs } from '../../src/backends/tfjs/compile.ts'
import { runReference } from '../../src/backends/reference/run.ts'
import { published } from '../../src/host/built-ins.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { graphFromJsonText, graphToJsonText } from '../../src/ir/json.ts'
import { printGraph } from '../../src/ir/print.ts'
import { elements } from '../../src/ir/tensor-type.ts'
import { verifyGraph } from '../../src/ir/verifier.ts'
import { GraphView, typeOf } from '../../src/ir/view.ts'
import { foldNorms } from '../../src/passes/fold-norm.ts'
import { openTfjs } from '../../src/backends/tfjs/node/device.ts'
import { initialWeights } from '../../src/weights/initial-weights.ts'
import type { Weights } from '../../src/weights/weights.ts'
import { randomWeights } from '../backends/graph-builder.ts'
import { networkGraph } from '../networks/support.ts'
import { graphOf } from '../support/graph-of.ts'

const countOf = (graph: Graph, ...ops: readonly string[]): number =>
  graph.nodes.filter(({ op }) => ops.includes(op)).length

const wave = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i))

const inputOf = (graph: Graph) => typeOf(graph, graph.inputs[0] ?? -1)

/** The largest difference of two lists over the largest number of the first. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(b.length).toBe(a.length)
  const [first, second] = [Array.from(a), Array.from(b)]
  const largest = Math.max(...first.map(Math.abs))
  return Math.max(...first.map((each, i) => Math.abs(each - (second[i] ?? NaN)))) / largest
}

/** Fresh weights, with norms whose statistics and factors differ from channel to channel, as training leaves them. */
function weightsLikeTrained(graph: Graph): Weights {
  const weights = new Map(initialWeights(graph, 0))
  for (const { node } of new GraphView(graph).nodes) {
    if (node.op !== 'batch_norm' && node.op !== 'abn') continue
    const valuesOf = (role: string) => weights.get(`${node.path}.${role}`) ?? expect.fail()
    for (const role of ['weight', 'running_var'])
      valuesOf(role).forEach((_, c, all) => (all[c] = 1 + Math.sin(c) / 2))
    for (const role of ['bias', 'running_mean'])
      valuesOf(role).forEach((_, c, all) => (all[c] = Math.cos(c) / 4))
  }
  return weights
}

function resultOf(graph: Graph, weightsOf: Graph): Float64Array {
  const type = inputOf(graph)
  const input = { shape: type.shape, data: Float64Array.from(wave(elements(type))) }
  const values = runReference(graph, randomWeights(weightsOf, 7), [input])
  return values.get(graph.outputs[0] ?? -1)?.data ?? expect.fail()
}

describe('small graphs', () => {
  it.each([
    ['a convolution without a bias', 'conv(8, 3, bias: false) -> batch_norm', 0],
    ['a convolution with a bias', 'conv(8, 3, bias: true) -> batch_norm(eps: 1e-3)', 0],
    ['a depthwise convolution', 'depthwise_conv(3) -> batch_norm', 0],
    ['a grouped, strided and dilated one', 'conv(6, 3, groups: 3, dilation: 2) -> batch_norm -> relu', 0],
    ['two norms in a row', 'conv(8, 3) -> batch_norm -> batch_norm', 0],
    ['a linear layer', 'global_avg_pool -> linear(6) -> batch_norm', 0],
    ['an activated norm', 'conv(8, 3) -> abn(leaky_relu(0.1))', 0],
    ['an activated norm of another activation', 'conv(8, 3) -> abn(silu)', 0],
    ['an activated norm without activation', 'conv(8, 3) -> abn(none)', 0],
    ['no norm that nothing precedes', 'batch_norm -> conv(8, 3)', 1],
    ['no norm of a partial convolution', 'partial_conv(2, 3) -> batch_norm', 1],
    ['no norm behind an activation', 'conv(8, 3) -> relu -> batch_norm', 1],
  ])('folds %s', (_, pipeline, left) => {
    const graph = graphOf(`stem = ${pipeline}`)
    const folded = foldNorms(graph)
    expect(verifyGraph(folded)).toEqual([])
    expect(countOf(folded, 'batch_norm', 'abn')).toBe(left)
    expect(difference(resultOf(graph, graph), resultOf(folded, graph))).toBeLessThan(1e-6)
  })

  it.each([
    ['another operator reads', 'y = x -> conv(8, 3, bias: false)\n  stem = y + (y -> batch_norm)'],
    ['a part hands on', 'stem = conv(8, 3, bias: false)\n  head = batch_norm'],
  ])('leaves a convolution alone whose result %s', (_, body) => {
    const graph = graphOf(body)
    expect(foldNorms(graph)).toBe(graph)
  })
})

describe('published networks', () => {
  it.each(published().map(({ name }) => name))(
    '%s is sound, printed and priced without weights',
    async (name) => {
      const graph = networkGraph(name)
      const folded = foldNorms(graph)
      expect(verifyGraph(folded)).toEqual([])
      const [before, after] = [analyze(graph), analyze(folded)]
      expect(after.macs).toBe(before.macs)
      if (folded === graph) return
      expect(after.bytes).toBeLessThan(before.bytes)
      expect(after.kernels).toBeLessThanOrEqual(before.kernels)
      expect(printGraph(folded)).toContain('derived parameters')
      const text = graphToJsonText(folded)
      expect(graphToJsonText(await graphFromJsonText(text, { path: 'model.json' }))).toBe(text)
    },
  )

  it.each([
    ['resnet18', '16'],
    ['tresnet_m', '0.25'],
    ['mobilenetv2_100', '0.5'],
  ])('%s, made narrow, computes the same on a device', async (name, width) => {
    await openTfjs('wasm')
    const graph = networkGraph(name, [3, 64, 64], { width })
    const weights = weightsLikeTrained(graph)
    const input = wave(elements(inputOf(graph)))
    const logitsOf = async (each: Graph): Promise<Float32Array> => {
      const model = compileTfjs(each, weights)
      const { logits } = await model.predict(input, 1)
      model.dispose()
      return logits.data
    }
    const folded = foldNorms(graph)
    expect(countOf(folded, 'batch_norm', 'abn')).toBe(0)
    expect(difference(await logitsOf(graph), await logitsOf(folded))).toBeLessThan(1e-5)
  })
})
