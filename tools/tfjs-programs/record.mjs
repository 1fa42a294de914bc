import { writeFileSync } from 'node:fs'
import { env, setBackend, tensor, tidy } from '@tensorflow/tfjs-core'
import { capabilitiesOf } from '../../src/backends/tfjs/capabilities.ts'
import { execute, prepare } from '../../src/backends/tfjs/plan.ts'
import { toDevice } from '../../src/backends/tfjs/layout.ts'
import { planOf } from '../../src/ir/liveness.ts'
import { elements, tensor as typeOf } from '../../src/ir/tensor-type.ts'
import { GraphBuilder } from '../../test/backends/graph-builder.ts'
import { allCases } from '../../test/backends/op-cases.ts'
import { networkGraph } from '../../test/networks/support.ts'

const BATCH = 2
/** Activated norms, blur and attention; shuffles and splits; partial convolution. */
const networks = ['tresnet_m', 'shufflenet_v2_x0_5', 'fasternet_t0']

let programs = []

/** To be called where a backend runs a program. */
export const note = (program) => {
  const size = program.outputShape.reduce((product, axis) => product * axis, 1)
  programs.push(`${program.constructor.name.replace(/Program$/, '')} ${size}`)
}

/** Runs every case of every operator and a few networks on a registered backend, and writes what it noted. */
export async function record(backend, flags) {
  for (const [flag, value] of Object.entries({ PROD: true, ...flags })) env().set(flag, value)
  await setBackend(backend)
  const graphs = [
    ...allCases.map((one) => [one.title, graphOf(one)]),
    ...networks.map((name) => [name, networkGraph(name)]),
  ]
  const all = graphs.map(([title, graph]) => [title, programsOf(graph, backend)])
  const file = `test/backends/tfjs/fixtures/${backend}.json`
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`)
  console.log(`${file}: ${all.length} graphs`)
}

function graphOf({ op, attributes, inputs }) {
  const builder = new GraphBuilder(inputs.map((shape) => typeOf(...shape)))
  return builder.graph(builder.nodeOf(op, attributes, builder.inputs))
}

function programsOf(graph, backend) {
  const sizeOf = (value) => elements(graph.values[value].type)
  const weights = new Map(graph.parameters.map(({ name, value }) => [name, new Float32Array(sizeOf(value))]))
  return tidy(() => {
    const prepared = prepare(graph, weights, capabilitiesOf(backend))
    const live = new Map(graph.inputs.map((id) => [id, upload(graph.values[id].type)]))
    programs = []
    execute(planOf(graph, new Set(graph.outputs)), prepared.runs, live)
    prepared.dispose()
    return programs.join(', ')
  })
}

const upload = (type) =>
  tidy(() => toDevice(tensor(new Float32Array(BATCH * elements(type))), type.shape, BATCH))
