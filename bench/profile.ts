/**
 * Where the time of a network goes, by operator, on the embedded backend:
 * `node bench/run.mjs profile resnet/resnext50_32x4d`
 */
import { capabilitiesOf } from '../src/backends/tfjs/capabilities.ts'
import { dropAll, execute, type Live, prepare } from '../src/backends/tfjs/plan.ts'
import { toDevice } from '../src/backends/tfjs/layout.ts'
import { planOf } from '../src/ir/liveness.ts'
import type { StepFunction } from '../src/backends/tfjs/step.ts'
import type { Node } from '../src/ir/graph.ts'
import { elements } from '../src/ir/tensor-type.ts'
import { openTfjs } from '../src/backends/tfjs/node/device.ts'
import { benchWeights, graphOf } from './lib/networks.ts'
import { tensor, tidy } from '@tensorflow/tfjs-core'

const RUNS = 7
const [family = '', network = ''] = (process.argv[2] ?? '').split('/')
const graph = graphOf(family, network)
const backend = await openTfjs()
const { runs } = prepare(graph, benchWeights(graph), capabilitiesOf(backend))
const spent = new Map<string, number>()

/** Kernels of this backend are done when they return, so wall-clock time is theirs. */
const timed = new Map(
  [...runs].map(([node, run]): [Node, StepFunction] => [
    node,
    (inputs) => {
      const start = performance.now()
      const outputs = run(inputs)
      const groups = node.attributes['groups']
      const op = typeof groups === 'number' && groups > 1 ? `${node.op}, groups ${groups}` : node.op
      spent.set(op, (spent.get(op) ?? 0) + performance.now() - start)
      return outputs
    },
  ]),
)

const value = graph.values[graph.inputs[0] ?? 0]
const type = value?.type ?? { dtype: 'float32', shape: [] }
for (let run = -2; run < RUNS; run++) {
  if (run === 0) spent.clear()
  const live: Live = new Map()
  live.set(
    value?.id ?? 0,
    tidy(() => toDevice(tensor(new Float32Array(elements(type)).fill(0.5)), type.shape, 1)),
  )
  execute(planOf(graph, new Set(graph.outputs)), timed, live)
  dropAll(live)
}

console.log(`${network}, tfjs ${backend}, mean of ${RUNS} runs`)
for (const [op, time] of [...spent].sort(([, a], [, b]) => b - a))
  console.log(`  ${op.padEnd(24)} ${(time / RUNS).toFixed(2)} ms`)
