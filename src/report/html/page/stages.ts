import type { ChartDataset } from 'chart.js'
import type { Analysis, StageAnalysis } from '../../../analysis/analysis.ts'
import { bytes, percent, quantity, ratio, seconds } from '../quantities.ts'
import { MAX_BARS } from '../analysis-page.ts'
import { axisTitle, draw } from './charts.ts'
import { byId } from './dom.ts'
import { shortened, hover, type Hint } from './tooltip.ts'
import { swatches } from './chart-parts.ts'
import type { Palette } from './theme.ts'

interface ShareOf {
  /** Its colour in the palette, and its variable in the style sheet. */
  readonly key: 'macs' | 'bytes' | 'time'
  readonly title: string
  readonly amount: (counts: Pick<Analysis, 'macs' | 'bytes' | 'time'>) => number
  readonly text: (amount: number) => string
}

const macsAndBytes: readonly ShareOf[] = [
  { key: 'macs', title: 'MACs', amount: ({ macs }) => macs, text: (amount) => quantity(amount, '') },
  { key: 'bytes', title: 'bytes', amount: (counts) => counts.bytes, text: bytes },
]
const timeToo: ShareOf = {
  key: 'time',
  title: 'time',
  amount: ({ time }) => time?.seconds ?? 0,
  text: seconds,
}

/** A stage's shares of MACs, bytes and time, one bar below the other. */
export function drawStages(analysis: Analysis, palette: Palette): void {
  const stages = analysis.stages.slice(0, MAX_BARS)
  const measures = analysis.time === undefined ? macsAndBytes : [...macsAndBytes, timeToo]
  swatches(
    'stages-legend',
    measures.map(({ key, title }) => [key, title]),
  )
  const frame = byId('stages-chart', HTMLCanvasElement)?.parentElement
  if (frame) frame.style.height = `${64 + stages.length * (14 * measures.length + 16)}px`
  draw<'bar'>('stages-chart', {
    type: 'bar',
    data: {
      labels: stages.map(({ name }) => shortened(name, 18)),
      datasets: measures.map((measure) => bars(measure, stages, analysis, palette)),
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
          return stage === undefined ? undefined : stageHint(stage, analysis, measures)
        }),
      },
    },
  })
}

const bars = (
  { key, title, amount }: ShareOf,
  stages: readonly StageAnalysis[],
  analysis: Analysis,
  palette: Palette,
): ChartDataset<'bar'> => ({
  label: title,
  data: stages.map((stage) => 100 * ratio(amount(stage), amount(analysis))),
  backgroundColor: palette[key],
  barThickness: 11,
  categoryPercentage: 0.8,
  minBarLength: 1,
})

const stageHint = (stage: StageAnalysis, analysis: Analysis, measures: readonly ShareOf[]): Hint => ({
  title: shortened(stage.name),
  rows: measures.map(({ title, amount, text }) => [
    title,
    `${text(amount(stage))} (${percent(ratio(amount(stage), amount(analysis)))})`,
  ]),
})
