import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyze, type AnalysisRequest, summarize } from '../../src/analysis/analyze.ts'
import { fused } from '../../src/engines/fused/fused.ts'
import { eager } from '../../src/engines/eager/eager.ts'
import { defaultExecution } from '../../src/engines/kernel.ts'
import { roofline } from '../../src/analysis/time/time-model.ts'
import { elaborate, networkNames } from '../../src/elaborate/elaborate.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { loadProgram } from '../../src/project/load.ts'
import { builtInDevice } from '../../src/host/built-ins.ts'
import { hostOver } from '../support/host.ts'

const root = new URL('../../specs/networks/', import.meta.url).pathname
const device = builtInDevice('rtx3090')
const prediction = { device, model: roofline(device) }

/** One network of each family. */
const graphs = readdirSync(root).map((file): Graph => {
  const program = loadProgram(file, hostOver(root))
  const [network = ''] = networkNames(program)
  const { graph, diagnostics } = elaborate(program, { network })
  return graph ?? expect.fail(JSON.stringify(diagnostics))
})

const requests: readonly [string, (graph: Graph) => AnalysisRequest][] = [
  ['as it comes', () => ({})],
  ['eager, with times', (graph) => ({ execution: eager(graph), batch: 64, prediction })],
  ['fused', (graph) => ({ execution: fused(graph, defaultExecution), batch: 1, prediction })],
  [
    'in training',
    (graph) => ({
      execution: eager(graph, { ...defaultExecution, mode: 'training' }),
      batch: 32,
      prediction,
    }),
  ],
]

describe.each(requests)('%s', (_, request) => {
  it.each(graphs.map((graph) => [graph.name, graph] as const))(
    '%s has the totals of its analysis',
    (_, graph) => {
      const { parameters, macs, bytes, kernels, time, memory } = analyze(graph, request(graph))
      const summary = summarize(graph, request(graph))
      expect(summary).toMatchObject({ parameters, macs, kernels, memory: { peak: memory.peak } })
      expect(summary.bytes).toBeCloseTo(bytes, 3)
      // The sums are the same, their order is not.
      if (time === undefined) expect(summary).not.toHaveProperty('time')
      else expect(summary.time!.seconds / time.seconds).toBeCloseTo(1, 12)
    },
  )
})

it('refuses sums beyond exact counting as an analysis does', () => {
  const vast = (graph: Graph): Graph => ({
    ...graph,
    values: graph.values.map((value) => ({
      ...value,
      type: { ...value.type, shape: value.type.shape.map((size) => size * 4096) },
    })),
  })
  const [first] = graphs
  expect(() => summarize(vast(first!))).toThrow('E1301')
  expect(() => analyze(vast(first!))).toThrow('E1301')
})
