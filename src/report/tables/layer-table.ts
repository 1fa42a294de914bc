import type { Analysis, LayerAnalysis } from '../../analysis/analysis.ts'
import { clipMiddle, printable } from '../../diagnostics/printable.ts'
import { shapeText } from '../facts/words.ts'
import { left, right, type Table } from '../table.ts'
import { exact, NOTHING } from '../units.ts'
import {
  amountMeasure,
  amounts,
  boundMeasure,
  intensityMeasure,
  largestOf,
  shareMeasure,
  type Amount,
  type Measure,
} from './measures.ts'
import { ordered, type SortKey } from './order.ts'

/** A row an operator, and the whole. */
export function layerTable(analysis: Analysis, sort?: SortKey): Table {
  const measures = measuresOf(analysis)
  return {
    columns: [
      left('layer'),
      left('operator', { dropOrder: 1 }),
      left('output', { dropOrder: 5 }),
      left('kind', { dropOrder: 6 }),
      left('bias', { dropOrder: 9 }),
      ...measures.map(({ column }) => column),
    ],
    rows: ordered(analysis.layers, sort).map((layer) => [
      printable(layer.path),
      layer.op,
      shapeText(layer.output),
      kindOf(layer),
      biasOf(layer),
      ...measures.map(({ cell }) => cell(layer)),
    ]),
    footer: ['total', '', '', '', '', ...measures.map(({ total }) => total)],
  }
}

function measuresOf(analysis: Analysis): Measure[] {
  const { layers } = analysis
  const amount = (each: Amount, digits = 3): Measure =>
    amountMeasure(analysis, each, { largest: largestOf(layers, each), digits })
  const shares = (each: Amount, order: number): Measure => shareMeasure(analysis, layers, each, order)
  return [
    parametersMeasure(analysis, 3),
    amount(amounts.macs, 4),
    amount(amounts.bytes),
    shares(amounts.bytes, 2),
    intensityMeasure(analysis, 4),
    ...(analysis.time === undefined
      ? []
      : [amount(amounts.time), shares(amounts.time, 7), boundMeasure(analysis, 8)]),
  ]
}

/** To the last one: layers have from some ten to some million. */
function parametersMeasure({ parameters: whole }: Analysis, dropOrder: number): Measure {
  const text = (count: number): string => (count === 0 ? NOTHING : exact(count))
  return {
    column: right('parameters', { dropOrder }),
    cell: ({ parameters }) => text(parameters),
    total: text(whole),
  }
}

/** Longer names of hosts lose their middle. */
const HOST_LIMIT = 20

/** The kind of kernel, or in whose kernel it is done, without what both paths begin with: `in conv1`. */
function kindOf({ path, kind, fused_into: host }: LayerAnalysis): string {
  if (host === null) return kind
  return `in ${clipMiddle(printable(host.slice(commonBlock(path, host).length)), HOST_LIMIT)}`
}

/** Whether a learned offset is added, where one could be. */
const biasOf = ({ bias }: LayerAnalysis): string => (bias === null ? '' : bias ? 'yes' : 'no')

/** `stage1.0.` of `stage1.0.se.pool` and `stage1.0.conv1`. */
function commonBlock(a: string, b: string): string {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return a.slice(0, a.slice(0, at).lastIndexOf('.') + 1)
}
