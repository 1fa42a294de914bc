import type { Analysis, StageAnalysis } from '../../../analysis/analysis.ts'
import { chart } from './chart.ts'
import { markup, nothing, type Markup } from '../markup.ts'
import { columnScale, percent, plain, ratio, shape, type ColumnScale } from '../quantities.ts'

/** The script draws no more bars than these; the table has all. */
export const MAX_BARS = 60

/** The chart of shares, and the numbers, which read without a script. */
export function stagesSection(analysis: Analysis): Markup {
  const { stages, throughput } = analysis
  const measures = throughput === undefined ? 'MACs and bytes' : 'MACs, bytes and time'
  const more =
    stages.length > MAX_BARS
      ? markup` Drawn are the first ${MAX_BARS} of ${stages.length}; the table has all.`
      : nothing
  return markup`<section aria-labelledby="stages-title">
<h2 id="stages-title">Stages</h2>
<p class="lede">Where the ${measures} are. Were MACs the cost, the bars of a stage would be of one length.</p>
<div id="stages-legend" class="legend needs-script"></div>
${chart('stages', `Share of ${measures}`, `Each stage’s share of ${measures}, in percent`, markup`MACs and bytes of an image${throughput === undefined ? '' : ', time of a step'}.${more}`)}
${stageTable(analysis)}
</section>`
}

interface StageColumn {
  readonly title: string
  readonly unit: string
  readonly cell: (stage: StageAnalysis) => string
  /** Of the whole network. */
  readonly total: string
}

function stageTable(analysis: Analysis): Markup {
  const columns = columnsOf(analysis)
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Numbers of the stages">
<table class="numbers" id="stages-table">
<thead><tr><th scope="col" class="text">Stage</th><th scope="col" class="text">Output</th>${columns.map(header)}</tr></thead>
<tbody>${analysis.stages.map((stage) => row(stage, columns))}</tbody>
<tfoot><tr><th scope="row" class="text">Total</th><td></td>${columns.map(({ total }) => cell(total))}</tr></tfoot>
</table></div>`
}

const header = ({ title, unit }: StageColumn): Markup =>
  markup`<th scope="col">${title}${unit === '' ? nothing : markup` <small>${unit}</small>`}</th>`

const row = (stage: StageAnalysis, columns: readonly StageColumn[]): Markup =>
  markup`<tr><th scope="row" class="text">${stage.name}</th><td class="text">${outputsOf(stage)}</td>\
${columns.map((column) => cell(column.cell(stage)))}</tr>`

const cell = (text: string): Markup => markup`<td>${text}</td>`

const outputsOf = ({ output, other_outputs: others = [] }: StageAnalysis): string =>
  others.length === 0 ? shape(output) : `${shape(output)} (+${others.length})`

function columnsOf(analysis: Analysis): StageColumn[] {
  const { stages, parameters, macs, bytes, intensity, time } = analysis
  const scaled = (title: string, unit: string, total: number, of: (stage: StageAnalysis) => number) =>
    scaledColumn(title, columnScale([total, ...stages.map(of)], unit), total, of)
  const columns = [
    scaled('Parameters', '', parameters, (stage) => stage.parameters),
    scaled('MACs', '', macs, (stage) => stage.macs),
    scaled('Bytes', 'B', bytes, (stage) => stage.bytes),
    {
      title: 'FLOP/B',
      unit: '',
      total: plain(intensity),
      cell: (stage: StageAnalysis) => plain(stage.intensity),
    },
  ]
  if (time === undefined) return columns
  const timeOf = (stage: StageAnalysis): number => stage.time?.seconds ?? 0
  return [
    ...columns,
    scaled('Time', 's', time.seconds, timeOf),
    {
      title: 'Share of time',
      unit: '',
      total: '',
      cell: (stage: StageAnalysis) => percent(ratio(timeOf(stage), time.seconds)),
    },
  ]
}

const scaledColumn = (
  title: string,
  scale: ColumnScale,
  total: number,
  of: (stage: StageAnalysis) => number,
): StageColumn => ({
  title,
  unit: scale.unit,
  total: scale.text(total),
  cell: (stage) => scale.text(of(stage)),
})
