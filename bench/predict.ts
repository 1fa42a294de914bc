/**
 * Time of networks from the library on the embedded backend, fresh weights, one image:
 * `node bench/run.mjs predict resnet/resnext50_32x4d fasternet/fasternet_t0 ...`
 */
import { compileTfjs } from '../src/backends/tfjs/compile.ts'
import { elements } from '../src/ir/tensor-type.ts'
import { openTfjs } from '../src/backends/tfjs/node/device.ts'
import { benchWeights, graphOf } from './lib/networks.ts'
import { interleaved, summary } from './lib/timing.ts'

const RUNS = 11
const backend = await openTfjs()

for (const name of process.argv.slice(2)) {
  const [family = '', network = ''] = name.split('/')
  const graph = graphOf(family, network)
  const model = compileTfjs(graph, benchWeights(graph))
  const type = graph.values[graph.inputs[0] ?? 0]?.type
  const input = new Float32Array(type ? elements(type) : 0).fill(0.5)
  const { predict = [] } = await interleaved(
    { predict: () => model.predict(input, 1) },
    { warmUp: 2, runs: RUNS },
  )
  console.log(`${network}, ${type?.shape.join(' x ') ?? ''}, tfjs ${backend}: ${summary(predict)}`)
  model.dispose()
}
