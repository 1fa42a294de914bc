/**
 * `tresnet_m` at 224 x 224, compiled from its spec, against the same operators written by hand against tfjs, in
 * one process and on the same weights. The bar is a ratio of 1.1. `node bench/run.mjs tresnet-handwritten`
 */
import { compileTfjs } from '../src/backends/tfjs/compile.ts'
import { openTfjs } from '../src/backends/tfjs/node/device.ts'
import { benchWeights, graphOf } from './lib/networks.ts'
import { interleaved, median, summary } from './lib/timing.ts'
import { tresnetM, type NextWeights } from './lib/tresnet-m.ts'

const SIZE = 224
const RUNS = Number(process.argv[2] ?? 21)

const graph = graphOf('tresnet', 'tresnet_m')
const weights = benchWeights(graph)
const input = Float32Array.from({ length: 3 * SIZE * SIZE }, (_, i) => ((i * 7919) % 255) / 255)

/** Parameters in the graph's order, which is that of the layers; shapes must agree. */
function inOrder(): NextWeights {
  let index = 0
  return (...shape) => {
    const parameter = graph.parameters[index++]
    const actual = parameter && graph.values[parameter.value]?.type.shape
    if (!parameter || actual?.join() !== shape.join())
      throw new Error(
        `${parameter?.name ?? 'nothing'} is ${actual?.join() ?? 'missing'}, not ${shape.join()}`,
      )
    return weights.get(parameter.name) ?? new Float32Array()
  }
}

const backend = await openTfjs()
const byHand = tresnetM(inOrder(), SIZE)
const model = compileTfjs(graph, weights)

const expected = await byHand(input)
const { logits } = await model.predict(input, 1)
const largest = Math.max(...expected.map(Math.abs))
const off = Math.max(...expected.map((value, i) => Math.abs(value - (logits.data[i] ?? NaN)))) / largest
if (!(off < 1e-3)) throw new Error(`the two networks differ by ${off} of the largest logit`)

const times = await interleaved(
  { byHand: () => byHand(input), compiled: () => model.predict(input, 1) },
  { warmUp: 2, runs: RUNS },
)
const { byHand: hand = [], compiled = [] } = times
console.log(`tresnet_m, 3 x ${SIZE} x ${SIZE}, tfjs ${backend}, ${RUNS} runs each, interleaved`)
console.log(`  written by hand  ${summary(hand)}`)
console.log(`  compiled         ${summary(compiled)}`)
console.log(`  ratio            ${(median(compiled) / median(hand)).toFixed(3)} (at most 1.1 wanted)`)
// Other programs slow some runs down; the fastest run of each suffers least.
console.log(`  of the fastest   ${(Math.min(...compiled) / Math.min(...hand)).toFixed(3)}`)
console.log(`  largest difference of logits: ${off.toExponential(1)} of the largest`)
