import type { ChartDataset } from 'chart.js'
import type { Analysis, Counts, StageAnalysis } from '../../../analysis/analysis.ts'
import { measureOf, shortTitle, type Measure, type MeasureKey } from '../../../analysis/measures.ts'
import { pageText, shareText, ratio } from '../quantities.ts'
import { MAX_BARS } from '../analysis-page.ts'
import { axisTitle, draw } from './charts.ts'
import { byId } from './dom.ts'
import { shortened, hover, type Hint } from './tooltip.ts'
import { swatches } from './chart-parts.ts'
import type { Palette } from './theme.ts'

interface Bars {
  /** The colour in the palette, and its variable in the style sheet. */
  readonly colour: 'macs' | 'bytes' | 'time'
  readonly measure: Measure
  readonly amount: (counts: Counts) => number
}

const barsOf = (colour: Bars['colour'], key: MeasureKey): Bars => {
  const measure = measureOf(key)
  return { colour, measure, amount: (counts) => measure.ofPart?.(counts) ?? 0 }
}

const macsAndBytes: readonly Bars[] = [barsOf('macs', 'macs'), barsOf('bytes', 'bytes')]
const timeToo = barsOf('time', 'seconds')

/** A stage's shares of MACs, bytes and time, one bar below the other. */
export function drawStages(analysis: Analysis, palette: Palette): void {
  const stages = analysis.stages.slice(0, MAX_BARS)
  const drawn = analysis.time === undefined ? macsAndBytes : [...macsAndBytes, timeToo]
  swatches(
    'stages-legend',
    drawn.map(({ colour, measure }) => [colour, shortTitle(measure)]),
  )
  const frame = byId('stages-chart', HTMLCanvasElement)?.parentElement
  if (frame) frame.style.height = `${64 + stages.length * (14 * drawn.length + 16)}px`
  draw<'bar'>('stages-chart', {
    type: 'bar',
    data: {
      labels: stages.map(({ name }) => shortened(name, 18)),
      datasets: drawn.map((each) => dataset(each, stages, analysis, palette)),
    },
    options: {
      indexAxis: 'y',
      interaction: { mode: 'index', axis: 'y', intersect: false },
      scales: {
        x: {
          beginAtZero: true,
          title: axisTitle('Share of the whole network, %', palette),
          grid: { color: palette.rule },
          border: { display: false },
          ticks: { color: palette.muted, precision: 0 },
        },
        y: { grid: { display: false }, border: { color: palette.rule }, ticks: { color: palette.ink } },
      },
      plugins: {
        // All bars of a stage are hovered over at once: the first speaks for them.
        tooltip: hover<'bar'>((dataset, index) => {
          const stage = dataset === 0 ? stages[index] : undefined
          return stage === undefined ? undefined : stageHint(stage, analysis, drawn)
        }),
      },
    },
  })
}

const dataset = (
  { colour, measure, amount }: Bars,
  stages: readonly StageAnalysis[],
  analysis: Analysis,
  palette: Palette,
): ChartDataset<'bar'> => ({
  label: shortTitle(measure),
  data: stages.map((stage) => 100 * ratio(amount(stage), amount(analysis))),
  backgroundColor: palette[colour],
  barThickness: 11,
  categoryPercentage: 0.8,
  minBarLength: 1,
})

const stageHint = (stage: StageAnalysis, analysis: Analysis, drawn: readonly Bars[]): Hint => ({
  title: shortened(stage.name),
  rows: drawn.map(({ measure, amount }) => [
    shortTitle(measure),
    `${pageText(measure, amount(stage))} (${shareText(ratio(amount(stage), amount(analysis)))})`,
  ]),
})
