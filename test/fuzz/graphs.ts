import { analyze } from '../../src/analysis/analyze.ts'
import type { ExecutionOptions } from '../../src/engines/kernel.ts'
import { modelledEngines, type ModelledEngine } from '../../src/engines/engines.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { graphFromJsonText, graphToJsonText } from '../../src/ir/json.ts'
import { printGraph } from '../../src/ir/print.ts'
import { verifyGraph } from '../../src/ir/verifier.ts'
import { analysisJson } from '../../src/report/json.ts'
import { analysisText } from '../../src/report/text.ts'
import { isAnswer } from './diagnosed.ts'
import type { Random } from './random.ts'
import type { Probe } from './target.ts'

/** As which run a graph is analysed. */
export interface Run extends Partial<ExecutionOptions> {
  readonly engine: ModelledEngine
  readonly batch: number
}

export const pickRun = (random: Random): Run => ({
  engine: random.pick(['eager', 'fused']),
  batch: random.pick([1, 1, 32, 256, 2 ** 20]),
  mode: random.pick(['inference', 'training']),
  precision: random.pick(['mixed', 'fp32', 'tf32', 'fp16', 'bf16']),
  layout: random.pick(['nhwc', 'nchw']),
})

/** What holds of every graph that the compiler accepts: it is sound, and comes back from JSON as it was. */
export async function judgeGraph(graph: Graph, probe: Probe): Promise<void> {
  const faults = probe.step('verify', () => verifyGraph(graph)) ?? []
  probe.expect(faults.length === 0, `unsound: ${faults[0]?.replace(/\d+|`[^`]*`/g, '_') ?? ''}`, () =>
    faults.join('\n'),
  )
  const text = probe.step('write JSON', () => graphToJsonText(graph)) ?? ''
  const printed = probe.step('print', () => printGraph(graph)) ?? ''
  const again = await probe.stepAsync('read JSON', () => graphFromJsonText(text, { path: 'model.json' }))
  if (again === undefined) return
  const textAgain = probe.step('write JSON', () => graphToJsonText(again))
  probe.expect(textAgain === text, 'JSON of a graph that came back is another', () => text.slice(0, 2000))
  probe.expect(
    probe.step('print', () => printGraph(again)) === printed,
    'a graph that came back prints otherwise',
  )
}

/** Analyses it, and looks for sums that do not add up and for what is no number. */
export function judgeAnalysis(graph: Graph, { engine, batch, ...options }: Run, probe: Probe): void {
  const allowed = isAnswer(probe)
  const analysis = probe.step(
    'analyze',
    () => analyze(graph, { execution: modelledEngines[engine](graph, options), batch }),
    allowed,
  )
  if (analysis === undefined) return
  probe.step('report as JSON', () => JSON.stringify(analysisJson(analysis)))
  probe.step('report as text', () => analysisText(analysis))
  const parts = analysis.stages.reduce((sum, { macs }) => sum + macs, 0)
  probe.expect(
    parts === analysis.macs,
    'the parts do not add up to the MACs',
    () => `${parts}, ${analysis.macs}`,
  )
  for (const { path, macs, parameters, bytes } of [{ path: 'the network', ...analysis }, ...analysis.layers])
    for (const [amount, value] of Object.entries({ macs, parameters, bytes }))
      probe.expect(value >= 0 && Number.isFinite(value), `${amount} of no amount`, () => `${path}: ${value}`)
}
