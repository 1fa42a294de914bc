import type { Analysis, StageAnalysis } from '../../analysis/analysis.ts'
import { printable } from '../../diagnostics/printable.ts'
import { shapeText } from '../facts/words.ts'
import { left, type Table } from '../table.ts'
import {
  amountMeasure,
  amounts,
  boundMeasure,
  intensityMeasure,
  shareMeasure,
  type Amount,
  type Measure,
} from './measures.ts'
import { ordered, type SortKey } from './order.ts'

/** A row a part of the network, and the whole. */
export function stageTable(analysis: Analysis, sort?: SortKey): Table {
  const measures = measuresOf(analysis)
  return {
    columns: [left('part'), left('output', { dropOrder: 3 }), ...measures.map(({ column }) => column)],
    rows: ordered(analysis.stages, sort).map((stage) => [
      printable(stage.name),
      outputsOf(stage),
      ...measures.map(({ cell }) => cell(stage)),
    ]),
    footer: ['total', '', ...measures.map(({ total }) => total)],
  }
}

/** How large, how much work, how many bytes, how much time, and why. */
function measuresOf(analysis: Analysis): Measure[] {
  const pair = (amount: Amount, share: number, order?: number): Measure[] => [
    amountMeasure(analysis, amount, { largest: amount.of(analysis), digits: 4, order }),
    shareMeasure(analysis, analysis.stages, amount, share),
  ]
  return [
    ...pair(amounts.parameters, 1, 7),
    ...pair(amounts.macs, 2),
    ...pair(amounts.bytes, 5),
    intensityMeasure(analysis, 4),
    ...(analysis.time === undefined ? [] : [...pair(amounts.time, 6), boundMeasure(analysis, 8)]),
  ]
}

/** The first output, and how many more there are: `16x56x56 (+3)`. */
const outputsOf = ({ output, other_outputs: others = [] }: StageAnalysis): string =>
  others.length === 0 ? shapeText(output) : `${shapeText(output)} (+${others.length})`
