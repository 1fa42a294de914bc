import type { Analysis, LayerAnalysis, StageAnalysis } from '../analysis/analysis.ts'
import { printable } from '../diagnostics/printable.ts'
import { tableText, type Column, type Table } from './table.ts'
import { exact, human, share } from './units.ts'

export interface AnalysisTextOptions {
  /** Whether to list every operator too. */
  readonly layers?: boolean
  /** Columns of the terminal; default: 100. */
  readonly width?: number
}

/** The report for people: totals, a table of the parts, and one of the operators where wanted. */
export function analysisText(analysis: Analysis, options: AnalysisTextOptions = {}): string {
  const width = Math.max(40, options.width ?? 100)
  const sections = [
    summary(analysis),
    ...(options.layers === true ? [tableText(layerTable(analysis), width)] : []),
    tableText(stageTable(analysis), width),
  ]
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function summary(analysis: Analysis): string[] {
  const { network, input, parameters, buffer_elements, macs, fixed_macs } = analysis
  const lines = [
    `${printable(network)}, one image of ${shape(input)}`,
    `  ${amount(parameters, 'parameters')}`,
    `  ${amount(macs, 'MACs')} (multiply-accumulates of convolutions and linear layers)`,
  ]
  if (fixed_macs > 0) lines.push(`  ${amount(fixed_macs, 'MACs')} in fixed filters, not counted above`)
  if (buffer_elements > 0) lines.push(`  ${amount(buffer_elements, 'elements')} of running statistics`)
  return lines
}

/** `5.735 GMACs = 5,734,965,248`, `31.39 M parameters = 31,389,032`: prefixes belong to units, not to nouns. */
function amount(count: number, noun: string): string {
  if (count < 1000) return `${count} ${noun}`
  return `${noun === 'MACs' ? human(count) + noun : `${human(count)} ${noun}`} = ${exact(count)}`
}

const shape = (sizes: readonly number[]): string => sizes.join(' x ')

const left = (title: string): Column => ({ title, align: 'left' })
const right = (title: string): Column => ({ title, align: 'right' })
const optional = (dropOrder: number): Column => ({ title: '', align: 'right', dropOrder })

function stageTable(analysis: Analysis): Table {
  const { stages, parameters, macs } = analysis
  return {
    columns: [
      left('part'),
      left('output'),
      right('parameters'),
      optional(3),
      optional(1),
      right('MACs'),
      optional(4),
      optional(2),
    ],
    rows: stages.map((stage) => stageRow(stage, analysis)),
    footer: ['total', '', exact(parameters), human(parameters), '', exact(macs), human(macs), ''],
  }
}

function stageRow(stage: StageAnalysis, { parameters, macs }: Analysis): string[] {
  return [
    printable(stage.name),
    outputsOf(stage),
    exact(stage.parameters),
    human(stage.parameters),
    share(stage.parameters, parameters),
    exact(stage.macs),
    human(stage.macs),
    share(stage.macs, macs),
  ]
}

/** The first output, and how many more there are: `16 x 56 x 56 (+3)`. */
const outputsOf = ({ output, other_outputs: others = [] }: StageAnalysis): string =>
  others.length === 0 ? shape(output) : `${shape(output)} (+${others.length})`

function layerTable({ layers, parameters, macs }: Analysis): Table {
  return {
    columns: [
      left('layer'),
      { ...left('operator'), dropOrder: 1 },
      left('output'),
      right('parameters'),
      right('MACs'),
    ],
    rows: layers.map(layerRow),
    footer: ['total', '', '', exact(parameters), exact(macs)],
  }
}

const layerRow = (layer: LayerAnalysis): string[] => [
  printable(layer.path),
  layer.op,
  shape(layer.output),
  exact(layer.parameters),
  exact(layer.macs),
]
