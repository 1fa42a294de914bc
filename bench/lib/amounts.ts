import { analyze } from '../../src/analysis/analyze.ts'
import type { MeasuredExecution } from '../../src/analysis/calibration/calibrate.ts'
import { bytesOfStep } from '../../src/engines/kernel.ts'
import { kernelsOf } from '../../src/engines/schedule.ts'
import { quantile } from '../../src/analysis/statistics.ts'
import { GraphView } from '../../src/ir/view.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { elements } from '../../src/ir/tensor-type.ts'

interface Case extends MeasuredExecution {
  readonly graph: Graph
}

/** What designers compare networks by, each for one image. */
export const amounts: Readonly<Record<string, (one: Case) => number>> = {
  'parameters alone': ({ graph }) => analyze(graph).parameters,
  'MACs alone': ({ graph }) => analyze(graph).macs,
  // As timm and "Designing Network Design Spaces" (arXiv:2003.13678) count them.
  'activations of convolutions alone': ({ graph }) =>
    new GraphView(graph).nodes
      .filter(({ node }) => node.op === 'conv' || node.op === 'partial_conv' || node.op === 'linear')
      .flatMap(({ outputs }) => outputs.map(elements))
      .reduce((sum, one) => sum + one, 0),
  'bytes of all kernels alone': ({ execution, row }) =>
    kernelsOf(execution).reduce((sum, kernel) => sum + bytesOfStep(kernel, row.batch), 0) / row.batch,
}

/** Times in proportion to an amount, the factor such that half of them are too long. */
export function scaledByMedian(given: readonly number[], measured: readonly number[]): readonly number[] {
  const factor = quantile(
    measured.map((time, i) => time / (given[i] ?? NaN)),
    0.5,
  )
  return given.map((amount) => amount * factor)
}
