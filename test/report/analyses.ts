import type { Analysis } from '../../src/analysis/analysis.ts'
import { analyze } from '../../src/analysis/analyze.ts'
import { modelledEngines } from '../../src/engines/engines.ts'
import { defaultExecution } from '../../src/engines/kernel.ts'
import { roofline } from '../../src/analysis/time/time-model.ts'
import { builtInDevice } from '../../src/host/built-ins.ts'
import { networkGraph } from '../networks/support.ts'

interface Options {
  readonly engine?: 'eager' | 'fused'
  readonly mode?: 'inference' | 'training'
  /** Whether to predict times; default: yes, on an RTX 3090 by the roofline. */
  readonly device?: boolean
}

/** A network of the library, as `archc analyze` would have it. */
export function analysisOf(name: string, options: Options = {}): Analysis {
  const { engine = 'eager', mode = 'inference', device = true } = options
  const graph = networkGraph(name)
  const execution = modelledEngines[engine](graph, { ...defaultExecution, mode })
  if (!device) return analyze(graph, { execution })
  const rtx3090 = builtInDevice('rtx3090')
  return analyze(graph, { execution, prediction: { device: rtx3090, model: roofline(rtx3090) } })
}

/** The sample with some of its fields replaced in every layer, and a network's name. */
export function renamed(analysis: Analysis, name: string): Analysis {
  return {
    ...analysis,
    network: name,
    stages: analysis.stages.map((stage) => ({ ...stage, name })),
    layers: analysis.layers.map((layer) => ({ ...layer, path: name, part: name, fused_into: name })),
    ...(analysis.throughput === undefined
      ? {}
      : {
          throughput: {
            ...analysis.throughput,
            title: name,
            error: { median: 0.1, p90: 0.2, spearman: 1, kendall: 1, source: name },
          },
        }),
  }
}
